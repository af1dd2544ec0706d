import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { isoCommand } from "../../../src/cli/commands/iso/iso.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { type CommandOutcome, runCommand } from "./cli-world.ts";
import type { CoreWorld } from "./core-world.ts";

const imagesSchema = z.array(
  z.looseObject({ kind: z.string(), key: z.string(), directory: z.string().optional() }),
);

/** The commands `iso …` on the world that there is when one is run. */
export interface IsoCommands {
  readonly iso: (...args: string[]) => Promise<CommandOutcome>;
  /** What the command prints with --json. */
  readonly images: (...args: string[]) => Promise<z.infer<typeof imagesSchema>>;
  /** Path of a file of that image in the cache. */
  readonly pathIn: (kind: string, file: string) => Promise<string>;
  /** Writes what `iso inspect --lock` prints into a file; gives back its path. */
  readonly lockFile: (...args: string[]) => Promise<string>;
}

export function isoCommands(world: () => CoreWorld): IsoCommands {
  const iso = (...args: string[]) => runCommand(world(), isoCommand, args);
  const images = async (...args: string[]) =>
    imagesSchema.parse(JSON.parse((await iso(...args, "--json")).stdout));
  return {
    iso,
    images,
    async pathIn(kind, file) {
      const { directory = "" } = (await images("ls")).find((image) => image.kind === kind) ?? {};
      return join(directory, file);
    },
    async lockFile(...args) {
      const path = join(await temporaryDirectory(), "images.lock.json");
      await writeFile(path, (await iso("inspect", ...args, "--lock")).stdout);
      return path;
    },
  };
}
