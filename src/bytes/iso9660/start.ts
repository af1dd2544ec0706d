import { encodeDirectories } from "./directories.ts";
import { recordingDate } from "./ecma119/numbers.ts";
import { pathTable } from "./ecma119/path-tables.ts";
import {
  bootRecordDescriptor,
  primaryVolumeDescriptor,
  setTerminator,
} from "./ecma119/volume-descriptors.ts";
import { type BootRecord, bootCatalog } from "./el-torito.ts";
import type { Folder } from "./folders.ts";
import { type Extent, noExtent, padToSector } from "./sectors.ts";
import { type DiskBoot, systemArea, systemAreaSize } from "./system-area.ts";

export interface VolumeOptions {
  /** At most 32 of A-Z, 0-9 and "_"; Linux shows it as the volume's label. */
  readonly volumeId: string;
  /** The time of the volume and of all its files: whole seconds, years 1900 to 2155. */
  readonly time: Date;
  /** In the order in which firmware sees them; the first is the default. */
  readonly bootRecords?: readonly BootRecord[];
  /** Makes the image a disk, too, that firmware boots; only a CD-ROM unless given. */
  readonly disk?: DiskBoot;
}

/** Where the parts of a volume lie. */
export interface Places {
  /** Sectors. */
  readonly catalog: number;
  readonly pathTableL: number;
  readonly pathTableM: number;
  readonly continuation: number;
  readonly sectorCount: number;
  /** Of folders and files that are not empty. */
  readonly extentByPath: ReadonlyMap<string, Extent>;
}

/** What comes before the bytes of files, in this order; every part is whole sectors. */
export interface StartParts {
  readonly descriptors: Uint8Array;
  readonly catalog: Uint8Array;
  readonly pathTableL: Uint8Array;
  readonly pathTableM: Uint8Array;
  /** In the order of the folders. */
  readonly directories: readonly Uint8Array[];
  readonly continuation: Uint8Array;
}

/** The sizes of the parts do not depend on the places. */
export function encodeStart(
  folders: readonly Folder[],
  options: VolumeOptions,
  places: Places,
): StartParts {
  const extentOf = (path: string) => places.extentByPath.get(path) ?? noExtent;
  const tableRecords = folders.map(({ node, parent }) => ({
    identifier: node.identifier,
    sector: extentOf(node.path).sector,
    parentNumber: parent + 1,
  }));
  const pathTableL = pathTable(tableRecords, "little-endian");
  const pathTableM = pathTable(tableRecords, "big-endian");
  const images = (options.bootRecords ?? []).map((record) => ({
    record,
    image: extentOf(record.path),
  }));
  return {
    descriptors: Buffer.concat([
      options.disk === undefined
        ? new Uint8Array(systemAreaSize)
        : systemArea(options.disk, extentOf),
      primaryVolumeDescriptor({
        ...options,
        ...places,
        pathTableSize: pathTableL.length,
        root: extentOf(""),
      }),
      ...(images.length === 0 ? [] : [bootRecordDescriptor(places.catalog)]),
      setTerminator(),
    ]),
    catalog: images.length === 0 ? new Uint8Array(0) : bootCatalog(images),
    pathTableL: padToSector(pathTableL),
    pathTableM: padToSector(pathTableM),
    ...encodeDirectories(folders, recordingDate(options.time), {
      extentOf,
      continuationStart: places.continuation,
    }),
  };
}
