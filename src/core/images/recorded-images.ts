import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord, RecordedImages } from "../../store/record.ts";

/**
 * The images that the machine boots.
 * @throws TsmachineError CAPABILITY_MISSING for a machine of a provider that boots none.
 */
export function imagesOf({
  name,
  provider,
  images,
}: Pick<MachineRecord, "name" | "provider" | "images">): RecordedImages {
  if (images !== undefined) return images;
  throw new TsmachineError(
    "CAPABILITY_MISSING",
    `machine "${name}" has no images: provider ${provider.id} boots none`,
    {
      hints: ["see what providers can do in docs/providers.md"],
      context: { name, provider: provider.id },
    },
  );
}
