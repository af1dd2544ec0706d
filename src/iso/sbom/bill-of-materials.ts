import type { ImageManifest } from "../images/cache/image-manifest.ts";
import { billOf } from "./components.ts";
import { cyclonedxDocument } from "./cyclonedx.ts";
import { spdxDocument } from "./spdx.ts";

/**
 * The bill of materials of these images together, ready for JSON: SPDX 2.3 or CycloneDX 1.6.
 * @param version tsmachine's
 */
export function billOfMaterials(
  manifests: readonly ImageManifest[],
  version: string,
  form: "spdx" | "cyclonedx",
): object {
  const bill = billOf(manifests, version);
  return form === "cyclonedx" ? cyclonedxDocument(bill) : spdxDocument(bill);
}
