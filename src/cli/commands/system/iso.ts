import { Command, Option } from "commander";
import { provideImages } from "../../../core/machine/images.ts";
import { architectureSchema } from "../../../host/architecture.ts";
import { listImages } from "../../../iso/images/image-cache.ts";
import type { ImageManifest } from "../../../iso/images/image-manifest.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";
import { formatBytes } from "../../tasks/amounts.ts";

interface BuildFlags {
  readonly arch?: string;
  readonly mirror?: string;
  readonly json?: boolean;
}

export const isoCommand: CommandFactory = (cli) => {
  const command = new Command().description("Build and list the images that machines boot.");
  const build = command
    .command("build")
    .description("Build the images from the newest packages; `create` uses them from then on.")
    .addOption(
      new Option("--arch <ARCHITECTURE>", "their processor; this host's unless given").choices(
        architectureSchema.options,
      ),
    )
    .option("--mirror <URL>", "Debian mirror to take packages from")
    .option("--json", "print JSON")
    .action(() => buildImages(cli, build.opts<BuildFlags>()));
  const list = command
    .command("ls")
    .description("List the images in the cache.")
    .option("--json", "print JSON")
    .action(() => listAll(cli, list.opts<{ json?: boolean }>()));
  return command;
};

async function buildImages(cli: Cli, { arch, mirror, json }: BuildFlags): Promise<void> {
  const images = await cli.withContext(
    (context) =>
      provideImages(context, {
        architecture: arch === undefined ? context.architecture : architectureSchema.parse(arch),
        freshness: "newest",
      }),
    { mirror },
  );
  print(cli, [images.boot.manifest, images.engine.manifest], json);
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
      { header: "kind", cell: ({ kind }) => kind },
      { header: "version", cell: ({ version }) => version },
      { header: "arch", cell: ({ architecture }) => architecture },
      { header: "suite", cell: ({ lock }) => lock.suite },
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
