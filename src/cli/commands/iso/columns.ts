import type { ImageContents } from "../../../core/images/inspect.ts";
import type { Column } from "../../output/table.ts";
import { formatBytes } from "../../tasks/amounts.ts";

/** What tables show of an image. */
export const contentColumns: readonly Column<ImageContents>[] = [
  { header: "kind", cell: ({ kind }) => kind },
  { header: "version", cell: ({ version }) => version },
  { header: "arch", cell: ({ architecture }) => architecture },
  { header: "suite", cell: ({ releases }) => releases.map(({ suite }) => suite).join(" ") },
  { header: "packages", cell: ({ packages }) => String(packages.length) },
  { header: "size", cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
  { header: "key", cell: ({ key }) => key },
];
