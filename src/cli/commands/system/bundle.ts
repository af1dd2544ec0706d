import { resolve } from "node:path";
import { Command } from "commander";
import { createBundle, importBundle } from "../../../core/images/bundle.ts";
import type { BundleManifest } from "../../../iso/bundle/bundle-manifest.ts";
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
import { formatBytes } from "../../tasks/amounts.ts";

interface CreateFlags extends ImageFlags, SourceFlags {
  readonly force?: boolean;
  readonly json?: boolean;
}

interface ImportFlags {
  readonly allowRollback?: boolean;
  readonly json?: boolean;
}

export const bundleCommand: CommandFactory = (cli) => {
  const command = new Command().description(
    "Carry all that images are made of to hosts without a network, in one file.",
  );
  const create = command
    .command("create")
    .description(
      "Write a file with the packages of the images that `create` with these flags uses.",
    )
    .argument("<file>", "the bundle to write")
    .option("-f, --force", "overwrite the file")
    .option("--json", "print JSON")
    .action((file: string) => write(cli, resolve(file), create.opts<CreateFlags>()));
  addSourceFlags(addImageFlags(create));
  const read = command
    .command("import")
    .description("Verify a bundle and build its images, which `create` then uses; asks no network.")
    .argument("<file>", "the bundle")
    .option("--allow-rollback", "also take packages older than those this store has seen")
    .option("--json", "print JSON")
    .action((file: string) => take(cli, resolve(file), read.opts<ImportFlags>()));
  return command;
};

async function write(cli: Cli, path: string, flags: CreateFlags): Promise<void> {
  const { manifest, size } = await cli.withContext(
    (context) =>
      createBundle(context, {
        ...parseImageFlags(flags, context.architecture),
        ...{ path, existing: flags.force ? "replaced" : "kept" },
      }),
    flags,
  );
  const rows = bundledImages(manifest);
  if (flags.json) {
    printJson(cli.output, { file: path, size, images: rows });
    return;
  }
  cli.output.stdout.write(`${path}: ${formatBytes(size)}\n`);
  await print(cli, rows);
}

async function take(cli: Cli, path: string, flags: ImportFlags): Promise<void> {
  const rollback = flags.allowRollback ? "allowed" : "refused";
  const { manifest, images } = await cli.withContext((context) =>
    importBundle(context, { path, rollback }),
  );
  const { boot, engine } = images;
  const rows = bundledImages(manifest).map((row) => {
    const { key, version } = (row.kind === "boot" ? boot : engine).manifest;
    return { ...row, version, key };
  });
  if (flags.json) printJson(cli.output, { file: path, images: rows });
  else await print(cli, rows);
}

interface BundledImage {
  readonly kind: string;
  readonly arch: string;
  /** When Debian made the releases that the packages are of. */
  readonly releases: readonly { readonly suite: string; readonly date: string }[];
  readonly packages: number;
  /** Bytes of the packages and other files that it is made of. */
  readonly size: number;
  /** Of an image that is built. */
  readonly version?: string;
  readonly key?: string;
}

function bundledImages({ images: { boot, engine } }: BundleManifest): readonly BundledImage[] {
  return [boot.lock, engine.lock].map((lock) => ({
    ...{ kind: lock.kind, arch: lock.architecture, releases: lock.releases },
    packages: lock.packages.length,
    size: [...lock.packages, ...lock.inputs].reduce((sum, { size }) => sum + size, 0),
  }));
}

function print({ output }: Cli, images: readonly BundledImage[]): Promise<void> {
  const isBuilt = images.some(({ key }) => key !== undefined);
  return printTable(
    output,
    [
      { header: "kind", cell: ({ kind }) => kind },
      ...(isBuilt
        ? [{ header: "version", cell: ({ version = "" }: BundledImage) => version }]
        : []),
      { header: "arch", cell: ({ arch }) => arch },
      { header: "suite", cell: ({ releases }) => releases.map(({ suite }) => suite).join(" ") },
      {
        header: "released",
        cell: ({ releases }) => releases.map(({ date }) => date.slice(0, 10)).join(" "),
      },
      { header: "packages", cell: ({ packages }) => String(packages) },
      { header: "size", cell: ({ size }) => formatBytes(size) },
      ...(isBuilt ? [{ header: "key", cell: ({ key = "" }: BundledImage) => key }] : []),
    ],
    images,
  );
}
