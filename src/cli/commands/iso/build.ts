import { Command } from "commander";
import { provideImages } from "../../../core/images/images.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import {
  addImageFlags,
  addSourceFlags,
  type ImageFlags,
  parseImageFlags,
  type SourceFlags,
} from "../../flags/image-flags.ts";
import { printImages } from "./print-images.ts";

interface BuildFlags extends ImageFlags, SourceFlags {
  readonly refresh?: boolean;
  readonly json?: boolean;
}

export const buildCommand: CommandFactory = (cli) => {
  const command = new Command("build")
    .description("Build the images that `create` with the same flags uses.")
    .option("--refresh", "ask the mirror for newer packages even when there are images")
    .option("--json", "print JSON")
    .action(() => build(cli, command.opts<BuildFlags>()));
  return addSourceFlags(addImageFlags(command));
};

async function build(cli: Cli, flags: BuildFlags): Promise<void> {
  const images = await cli.withContext(
    (context) =>
      provideImages(context, {
        ...parseImageFlags(flags, context.architecture),
        freshness: flags.refresh ? "newest" : "cached",
      }),
    flags,
  );
  printImages(cli, [images.boot.manifest, images.engine.manifest], flags.json);
}
