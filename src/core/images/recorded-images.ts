import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { findImage } from "../../iso/images/cache/image-cache.ts";
import type { MachineRecord, RecordedImages } from "../../store/record.ts";
import type { Context } from "../context.ts";

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

/** The version of the machine's engine, as far as the cache still knows its image; else "unknown". */
export async function engineVersionOf(
  { store }: Pick<Context, "store">,
  { images }: Pick<MachineRecord, "images">,
): Promise<string> {
  const image = images && (await findImage(store.layout.cache, "engine", images.engine));
  return image?.manifest.version ?? "unknown";
}
