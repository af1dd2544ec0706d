// ISO 9660 with Rock Ridge and El Torito: what lies where.
// https://ecma-international.org/publications-and-standards/standards/ecma-119/
import type { FileTree } from "../file-tree.ts";
import { type PlacedFile, placeFiles } from "./files.ts";
import { type Folder, listFolders } from "./folders.ts";
import { sectorsFor } from "./sectors.ts";
import { encodeStart, type Places, type StartParts, type VolumeOptions } from "./start.ts";

export interface IsoLayout {
  /** Whole sectors: all that comes before the bytes of files. */
  readonly start: Uint8Array;
  /** In the order of their sectors, without a gap. */
  readonly files: readonly PlacedFile[];
  readonly sectorCount: number;
}

/**
 * Lays out a volume of the tree; reads no file. The same input gives the same layout.
 *
 * Linux and xorriso read every true name, mode, owner, link and device from Rock Ridge, except
 * that Linux cuts names of over 253 bytes. Folders may be nested deeper than the eight levels
 * of ECMA-119 6.8.2.1, which no reader of Rock Ridge minds.
 * @throws RangeError for what the format cannot hold, such as a file of 4 GiB or a name of over
 *   255 bytes; Error for a boot image that is not there.
 */
export function layOutIso(tree: FileTree, options: VolumeOptions): IsoLayout {
  const folders = listFolders(tree);
  // Sizes do not depend on places, so a first encoding shows how much room each part takes.
  const draft = encodeStart(folders, options, nowhere);
  const places = placeStart(folders, draft);
  const nodes = folders.flatMap(({ children }) => children);
  const files = placeFiles(nodes, options, places.end);
  const start = encodeStart(folders, options, {
    ...places,
    sectorCount: files.end,
    extentByPath: new Map([...places.extentByPath, ...files.extentByPath]),
  });
  return { start: Buffer.concat(inOrder(start)), files: files.placed, sectorCount: files.end };
}

const nowhere: Places = {
  catalog: 0,
  pathTableL: 0,
  pathTableM: 0,
  continuation: 0,
  sectorCount: 0,
  extentByPath: new Map(),
};

function placeStart(folders: readonly Folder[], draft: StartParts) {
  let end = 0;
  const sectorByPart = new Map<Uint8Array, number>();
  for (const part of inOrder(draft)) {
    sectorByPart.set(part, end);
    end += sectorsFor(part.length);
  }
  const sectorOf = (part: Uint8Array) => sectorByPart.get(part) ?? 0;
  return {
    catalog: sectorOf(draft.catalog),
    pathTableL: sectorOf(draft.pathTableL),
    pathTableM: sectorOf(draft.pathTableM),
    continuation: sectorOf(draft.continuation),
    extentByPath: new Map(
      draft.directories.map((directory, index) => [
        folders[index]?.node.path ?? "",
        { sector: sectorOf(directory), size: directory.length },
      ]),
    ),
    end,
  };
}

function inOrder(parts: StartParts): Uint8Array[] {
  return [
    parts.descriptors,
    parts.catalog,
    parts.pathTableL,
    parts.pathTableM,
    ...parts.directories,
    parts.continuation,
  ];
}
