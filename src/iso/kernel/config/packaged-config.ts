import { rm } from "node:fs/promises";
import { readContent } from "../../../bytes/content.ts";
import { unpackDeb } from "../../unpack/unpack-deb.ts";
import { type KernelConfig, parseKernelConfig } from "./kernel-config.ts";

export interface PackagedKernel {
  /** The .deb. */
  readonly path: string;
  /** What `uname -r` prints. */
  readonly release: string;
  /** A file to be made for as long as it takes. */
  readonly spoolPath: string;
  readonly signal: AbortSignal;
}

/**
 * The package of a kernel that has its configuration: the only one, or base of three.
 * @param packages those of an offer
 */
export function configPackage(packages: readonly string[]): string {
  const name = packages.find((one) => one.startsWith("linux-base-")) ?? packages[0];
  if (name === undefined) throw new Error("an offer without packages");
  return name;
}

/**
 * The configuration that a kernel's package has with it.
 * @throws TsmachineError ARCHIVE_INVALID; Error when the package has none.
 */
export async function readPackagedConfig({
  path,
  release,
  spoolPath,
  signal,
}: PackagedKernel): Promise<KernelConfig> {
  const places = [`boot/config-${release}`, `usr/lib/modules/${release}/config`];
  try {
    const keep = (packed: string) => places.includes(packed);
    const tree = await unpackDeb({ path, spoolPath, keep, signal });
    for (const [place, entry] of tree) {
      if (entry.type !== "file") continue;
      return parseKernelConfig(Buffer.from(await readContent(entry.content)).toString(), place);
    }
  } finally {
    await rm(spoolPath, { force: true });
  }
  throw new Error(`the package of kernel ${release} has no ${places.join(" or ")}`);
}
