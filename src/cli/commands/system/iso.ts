import { Command } from "commander";
import { provideBoot2dockerIso } from "../../../core/images/boot2docker.ts";
import { provideImages } from "../../../core/images/images.ts";
import { listImages } from "../../../iso/images/image-cache.ts";
import type { ImageManifest } from "../../../iso/images/image-manifest.ts";
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
import { formatBytes } from "../../tasks/amounts.ts";

interface BuildFlags extends ImageFlags, SourceFlags, Boot2dockerFlags {
  readonly refresh?: boolean;
  readonly json?: boolean;
}

export const isoCommand: CommandFactory = (cli) => {
  const command = new Command().description("Build and list the images that machines boot.");
  const build = command
    .command("build")
    .description("Build the images that `create` with the same flags uses.")
    .option("--refresh", "ask the mirror for newer packages even when there are images")
    .option("--json", "print JSON")
    .action(() => buildImages(cli, build.opts<BuildFlags>()));
  addSourceFlags(addImageFlags(addBoot2dockerFlags(build)));
  const list = command
    .command("ls")
    .description("List the images in the cache.")
    .option("--json", "print JSON")
    .action(() => listAll(cli, list.opts<{ json?: boolean }>()));
  return command;
};

async function buildImages(cli: Cli, flags: BuildFlags): Promise<void> {
  const path = parseBoot2dockerFlags(flags);
  const { boot, engine, volumeId } = await cli.withContext(async (context) => {
    const images = await provideImages(context, {
      ...parseImageFlags(flags, context.architecture),
      freshness: flags.refresh ? "newest" : "cached",
    });
    if (path === undefined) return { ...images, volumeId: undefined };
    return { ...images, volumeId: await provideBoot2dockerIso(context, images, path) };
  }, flags);
  const images = [boot.manifest, engine.manifest];
  if (volumeId === undefined) print(cli, images, flags.json);
  else if (flags.json) printJson(cli.output, { path, volumeId, images });
  else cli.output.stdout.write(`${path}\n`);
}

async function listAll(cli: Cli, { json }: { json?: boolean }): Promise<void> {
  const images = await cli.withContext(({ store }) => listImages(store.layout.cache), {
    progress: "silent",
  });
  print(
    cli,
    images.map(({ manifest }) => manifest),
    json,
  );
}

function print({ output }: Cli, images: readonly ImageManifest[], json?: boolean): void {
  if (json) {
    printJson(output, images);
    return;
  }
  printTable(
    output,
    [
      { header: "kind", cell: ({ lock }) => lock.kind },
      { header: "version", cell: ({ version }) => version },
      { header: "arch", cell: ({ lock }) => lock.architecture },
      { header: "suite", cell: ({ lock }) => lock.releases.map(({ suite }) => suite).join(" ") },
      { header: "packages", cell: ({ lock }) => String(lock.packages.length) },
      { header: "size", cell: (image) => formatBytes(sizeOf(image)) },
      { header: "key", cell: ({ key }) => key },
    ],
    images,
  );
}

function sizeOf({ files }: ImageManifest): number {
  return Object.values(files).reduce((total, { size }) => total + size, 0);
}
