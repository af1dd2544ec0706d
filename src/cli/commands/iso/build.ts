import { Command } from "commander";
import type { Context } from "../../../core/context.ts";
import { provideBoot2dockerIso } from "../../../core/images/boot2docker.ts";
import { type MachineImages, provideImages } from "../../../core/images/images.ts";
import { withImagesInUse } from "../../../core/images/images-in-use.ts";
import { describeContents } from "../../../core/images/inspect.ts";
import { provideLockedImages, provideLockedPair } from "../../../core/images/locked-images.ts";
import { requirePlaceForFile } from "../../../host/files/place-for-file.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import {
  addBoot2dockerFlags,
  type Boot2dockerFlags,
  parseBoot2dockerFlags,
} from "../../flags/boot2docker-flags.ts";
import {
  addImageFlags,
  addSourceFlags,
  type ImageFlags,
  parseImageFlags,
  type SourceFlags,
} from "../../flags/image-flags.ts";
import { addLockFlag, type LockFlag, readLockFile } from "../../flags/lock-flag.ts";
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";
import { contentColumns } from "./columns.ts";

interface BuildFlags extends ImageFlags, LockFlag, SourceFlags, Boot2dockerFlags {
  readonly refresh?: boolean;
  readonly json?: boolean;
}

export const buildCommand: CommandFactory = (cli) => {
  const command = addImageFlags(new Command("build"))
    .description("Build the images that `create` with the same flags uses.")
    .option("--refresh", "ask the mirror for newer packages even when there are images");
  addBoot2dockerFlags(addLockFlag(command, "exactly what `iso inspect --lock` has printed"))
    .option("--json", "print JSON")
    .action(() => build(cli, command.opts<BuildFlags>()));
  return addSourceFlags(command);
};

async function build(cli: Cli, flags: BuildFlags): Promise<void> {
  const path = parseBoot2dockerFlags(flags);
  if (path !== undefined) {
    const existing = flags.force ? "replaced" : "kept";
    const { storagePath: store } = cli.globals;
    await requirePlaceForFile({ path, existing, example: "boot2docker.iso", store });
  }
  const { images, volumeId } = await cli.withContext(async (context) => {
    if (path !== undefined) return buildBoot2docker(context, flags, path);
    if (flags.lock !== undefined) {
      const locked = await provideLockedImages(context, await readLockFile(flags.lock));
      return { images: [locked.boot, locked.engine], volumeId: undefined };
    }
    const { boot, engine } = await providePair(context, flags);
    return { images: [boot, engine], volumeId: undefined };
  }, flags);
  const built = images.flatMap((image) => (image === undefined ? [] : describeContents(image)));
  if (volumeId === undefined) await print(cli, built, flags.json);
  else if (flags.json) printJson(cli.output, { path, volumeId, images: built });
  else cli.output.stdout.write(`${path}\n`);
}

function buildBoot2docker(context: Context, flags: BuildFlags, path: string) {
  return withImagesInUse(context, async () => {
    const { boot, engine } = await providePair(context, flags);
    const volumeId = await provideBoot2dockerIso(context, { boot, engine }, path);
    return { images: [boot, engine], volumeId };
  });
}

async function providePair(context: Context, flags: BuildFlags): Promise<MachineImages> {
  if (flags.lock !== undefined) return provideLockedPair(context, await readLockFile(flags.lock));
  const selection = parseImageFlags(flags, context.architecture);
  return provideImages(context, { ...selection, freshness: flags.refresh ? "newest" : "cached" });
}

async function print(
  { output }: Cli,
  built: readonly ReturnType<typeof describeContents>[],
  json?: boolean,
): Promise<void> {
  if (json) printJson(output, built);
  else await printTable(output, contentColumns, built);
}
