import { join } from "node:path";
import {
  bootImageNames,
  engineImageName,
  imageDirectory,
} from "../../iso/images/cache/image-files.ts";
import { bootCommandLine } from "../../iso/recipes/command-line.ts";
import type { MachinePlaces } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";

/** Where the machine's files are in the store as it is found now. */
export async function placesOf(
  context: Pick<Context, "store" | "templates">,
  { name, architecture, images }: Pick<MachineRecord, "name" | "architecture" | "images">,
): Promise<MachinePlaces> {
  const { store, templates } = context;
  const { directory } = store.machineLayout(name);
  if (images === undefined) return { directory };
  const boot = imageDirectory(store.layout.cache, "boot", images.boot);
  const engine = imageDirectory(store.layout.cache, "engine", images.engine);
  return {
    directory,
    images: {
      kernel: join(boot, bootImageNames.kernel),
      initramfs: join(boot, bootImageNames.initramfs),
      bootIso: join(boot, bootImageNames.iso),
      engineImage: join(engine, engineImageName),
      seedImage: seedImagePath(context, name),
      commandLine: images.commandLine ?? (await bootCommandLine(templates, architecture)),
    },
  };
}

/** The seed image's place in the machine's folder. */
export function seedImagePath({ store }: Pick<Context, "store">, name: string): string {
  return join(store.machineLayout(name).directory, "seed.iso");
}
