import { type Content, type ContentPlace, placeOf, sizeOf } from "../content.ts";
import type { BootRecord } from "./el-torito.ts";
import type { Node } from "./folders.ts";
import { type Extent, noExtent, sectorsFor } from "./sectors.ts";
import type { DiskBoot } from "./system-area.ts";

export interface PlacedFile {
  readonly sector: number;
  readonly content: Content;
  /** Whether the boot information table is to be written into the content. */
  readonly hasBootInfoTable: boolean;
}

export interface FilePlaces {
  /** In the order of their sectors, without a gap; content that several paths share comes once. */
  readonly placed: readonly PlacedFile[];
  readonly extentByPath: ReadonlyMap<string, Extent>;
  /** The sector after the last file. */
  readonly end: number;
}

/** A file section's size has 32 bits: ECMA-119 9.1.4. */
const maxFileSize = 0xffffffff;

export interface BootFiles {
  readonly bootRecords?: readonly BootRecord[];
  readonly disk?: DiskBoot;
}

/**
 * Gives every file its sectors, from sector `start` on.
 * @throws RangeError for a file of 4 GiB or more; Error for a boot image that is not there.
 */
export function placeFiles(
  nodes: readonly Node[],
  { bootRecords = [], disk }: BootFiles,
  start: number,
): FilePlaces {
  const placed: PlacedFile[] = [];
  const extentByPath = new Map<string, Extent>();
  const extentByPlace = new Map<ContentPlace, Extent>();
  const patchedPaths = new Set(
    bootRecords.filter(({ bootInfoTable }) => bootInfoTable === true).map(({ path }) => path),
  );
  let end = start;
  for (const { path, entry } of withLast(disk?.efiSystemPartition, nodes)) {
    if (entry.type !== "file") continue;
    const { content } = entry;
    const hasBootInfoTable = patchedPaths.has(path);
    // A patched image must not change the other files that share its content.
    const place = hasBootInfoTable ? `boot image ${path}` : placeOf(content);
    const extent = extentByPlace.get(place) ?? extentFrom(end, path, content);
    extentByPath.set(path, extent);
    if (extent.size === 0 || extentByPlace.has(place)) continue;
    extentByPlace.set(place, extent);
    placed.push({ sector: extent.sector, content, hasBootInfoTable });
    end += sectorsFor(extent.size);
  }
  for (const path of [...bootRecords.map(({ path }) => path), ...imagesOf(disk)]) {
    if (!extentByPath.has(path)) throw new Error(`boot image ${path} is not a file of the tree`);
  }
  return { placed, extentByPath, end };
}

function withLast(last: string | undefined, nodes: readonly Node[]): readonly Node[] {
  const isLast = ({ path }: Node) => path === last;
  return [...nodes.filter((node) => !isLast(node)), ...nodes.filter(isLast)];
}

function imagesOf(disk: DiskBoot | undefined): string[] {
  if (disk === undefined) return [];
  return [disk.efiSystemPartition, ...(disk.bios === undefined ? [] : [disk.bios.image])];
}

function extentFrom(sector: number, path: string, content: Content): Extent {
  const size = sizeOf(content);
  if (size > maxFileSize) throw new RangeError(`${path} is too large for ISO 9660: ${size} bytes`);
  return size === 0 ? noExtent : { sector, size };
}
