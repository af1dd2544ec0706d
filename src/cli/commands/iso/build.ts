import { Command, Option } from "commander";
import { provideBoot2dockerIso } from "../../../core/images/boot2docker.ts";
import { provideImages, provideLockedImages } from "../../../core/images/images.ts";
import { withImagesInUse } from "../../../core/images/images-in-use.ts";
import { describeContents } from "../../../core/images/inspect.ts";
import { refuseExisting } from "../../../host/files/refuse-existing.ts";
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
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";
import { contentColumns } from "./columns.ts";
import { readLockFile } from "./lock-file.ts";

interface BuildFlags extends ImageFlags, SourceFlags, Boot2dockerFlags {
  readonly refresh?: boolean;
  readonly lock?: string;
  readonly json?: boolean;
}

export const buildCommand: CommandFactory = (cli) => {
  const command = addBoot2dockerFlags(addImageFlags(new Command("build")))
    .description("Build the images that `create` with the same flags uses.")
    .option("--refresh", "ask the mirror for newer packages even when there are images");
  const choosing = command.options.map((option) => option.attributeName());
  const lock = new Option("--lock <FILE>", "exactly what `iso inspect --lock` has printed");
  command
    .addOption(lock.conflicts(choosing))
    .option("--json", "print JSON")
    .action(() => build(cli, command.opts<BuildFlags>()));
  return addSourceFlags(command);
};

async function build(cli: Cli, flags: BuildFlags): Promise<void> {
  const path = parseBoot2dockerFlags(flags);
  if (path !== undefined && !flags.force) await refuseExisting(path);
  const { images, volumeId } = await cli.withContext(async (context) => {
    if (flags.lock !== undefined) {
      const images = await provideLockedImages(context, await readLockFile(flags.lock));
      return { images, volumeId: undefined };
    }
    const request = {
      ...parseImageFlags(flags, context.architecture),
      freshness: flags.refresh ? "newest" : "cached",
    } as const;
    return withImagesInUse(context, async () => {
      const { boot, engine } = await provideImages(context, request);
      const volumeId =
        path === undefined
          ? undefined
          : await provideBoot2dockerIso(context, { boot, engine }, path);
      return { images: [boot, engine], volumeId };
    });
  }, flags);
  const built = images.map(describeContents);
  if (volumeId === undefined) await print(cli, built, flags.json);
  else if (flags.json) printJson(cli.output, { path, volumeId, images: built });
  else cli.output.stdout.write(`${path}\n`);
}

async function print(
  { output }: Cli,
  built: readonly ReturnType<typeof describeContents>[],
  json?: boolean,
): Promise<void> {
  if (json) printJson(output, built);
  else await printTable(output, contentColumns, built);
}
