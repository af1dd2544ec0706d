import type { ImageManifest } from "../../../iso/images/image-manifest.ts";
import type { Cli } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";
import { formatBytes } from "../../tasks/amounts.ts";

export function printImages(
  { output }: Pick<Cli, "output">,
  images: readonly ImageManifest[],
  json?: boolean,
): void {
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
