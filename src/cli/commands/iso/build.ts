import { Command, Option } from "commander";
import { provideImages, provideLockedImages } from "../../../core/images/images.ts";
import { describeContents } from "../../../core/images/inspect.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
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

interface BuildFlags extends ImageFlags, SourceFlags {
  readonly refresh?: boolean;
  readonly lock?: string;
  readonly json?: boolean;
}

export const buildCommand: CommandFactory = (cli) => {
  const command = addImageFlags(new Command("build"))
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
  const images = await cli.withContext(async (context) => {
    if (flags.lock !== undefined) {
      return provideLockedImages(context, await readLockFile(flags.lock));
    }
    const { boot, engine } = await provideImages(context, {
      ...parseImageFlags(flags, context.architecture),
      freshness: flags.refresh ? "newest" : "cached",
    });
    return [boot, engine];
  }, flags);
  const built = images.map(describeContents);
  if (flags.json) printJson(cli.output, built);
  else await printTable(cli.output, contentColumns, built);
}
