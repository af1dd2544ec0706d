import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { currentKeys } from "../../iso/images/cache/current-image.ts";
import type { ImageKind } from "../../iso/images/image-lock.ts";
import type { Context } from "../context.ts";
import { designFor } from "./images.ts";

/** Who needs an image. */
export interface ImageUse {
  /** Whether `create` with some flags would use it. */
  readonly isCurrent: boolean;
  /** Names of the machines that boot it. */
  readonly machines: readonly string[];
}

/** What the images of the cache are needed for; asks no provider. */
export async function readImageUses(
  context: Context,
): Promise<(kind: ImageKind, key: string) => ImageUse> {
  const { store, architecture } = context;
  const machines = await imagesByMachine(context);
  const current = new Set<string>();
  for (const kind of ["boot", "engine"] as const) {
    const { templates } = await designFor(context, { kind, architecture });
    for (const key of await currentKeys(templates, store.layout.cache)) {
      current.add(`${kind}-${key}`);
    }
  }
  return (kind, key) => ({
    isCurrent: current.has(`${kind}-${key}`),
    machines: [...machines].flatMap(([name, images]) => (images[kind] === key ? [name] : [])),
  });
}

async function imagesByMachine({ store, warn }: Context) {
  const found = new Map<string, Readonly<Record<ImageKind, string>>>();
  for (const name of await store.listMachineNames()) {
    try {
      const { images } = await store.readMachine(name);
      if (images !== undefined) found.set(name, images);
    } catch (error) {
      if (!(error instanceof TsmachineError)) throw error;
      // It was removed meanwhile, or is docker-machine's and boots none of our images.
      if (error.code === "MACHINE_NOT_FOUND" || error.code === "RECORD_FOREIGN") continue;
      warn(`which images machine "${name}" uses is not known: ${error.message}`);
    }
  }
  return found;
}
