import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../../src/core/context.ts";
import { readIso } from "../archives/iso-reader.ts";

/** The texts of the seed image of the machine's last start, by name. */
export async function readSeed(
  { store }: Pick<Context, "store">,
  machine: string,
): Promise<(name: string) => string> {
  const { directory } = store.machineLayout(machine);
  const image = readIso(await readFile(join(directory, "seed.iso")));
  return (name) => `${image.get(name)?.content}`;
}
