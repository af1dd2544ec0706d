export interface FatVolume {
  readonly entryBits: 12 | 16;
  readonly clusterCount: number;
  readonly label: string;
  readonly serial: number;
  /** Contents of files by path; undefined for a directory. */
  readonly entries: ReadonlyMap<string, Buffer | undefined>;
}

/** Written from the standard alone, shares no code with the writer. Short names only. */
export function readFat(image: Buffer): FatVolume {
  const sectorSize = image.readUInt16LE(11);
  const clusterSize = image.readUInt8(13) * sectorSize;
  const fatStart = image.readUInt16LE(14) * sectorSize;
  const fatSize = image.readUInt16LE(22) * sectorSize;
  const rootStart = fatStart + image.readUInt8(16) * fatSize;
  const dataStart = rootStart + image.readUInt16LE(17) * 32;
  const sectorCount = image.readUInt16LE(19) || image.readUInt32LE(32);
  if (sectorCount * sectorSize !== image.length) throw new Error("the volume is not all there");
  const clusterCount = Math.floor((image.length - dataStart) / clusterSize);
  const entryBits = clusterCount < 4085 ? 12 : 16;
  const fat = image.subarray(fatStart, fatStart + fatSize);
  if (!fat.equals(image.subarray(fatStart + fatSize, rootStart)))
    throw new Error("the FATs differ");
  const entries = new Map<string, Buffer | undefined>();
  const taken = new Set<number>();

  function next(cluster: number): number {
    if (entryBits === 16) return fat.readUInt16LE(cluster * 2);
    const pair = fat.readUInt16LE(Math.floor(cluster * 1.5));
    return cluster % 2 === 0 ? pair & 0xfff : pair >> 4;
  }

  function chain(first: number): Buffer {
    const clusters: Buffer[] = [];
    const last = entryBits === 12 ? 0xff8 : 0xfff8;
    for (let cluster = first; cluster > 0 && cluster < last; cluster = next(cluster)) {
      if (cluster < 2 || taken.has(cluster)) throw new Error(`cluster ${cluster} is taken twice`);
      taken.add(cluster);
      const start = dataStart + (cluster - 2) * clusterSize;
      clusters.push(image.subarray(start, start + clusterSize));
    }
    return Buffer.concat(clusters);
  }

  function walk(directory: Buffer, prefix: string): void {
    for (let position = 0; position < directory.length; position += 32) {
      const entry = directory.subarray(position, position + 32);
      if (entry[0] === 0) return;
      const stem = entry.toString("latin1", 0, 8).trimEnd();
      const extension = entry.toString("latin1", 8, 11).trimEnd();
      const attribute = entry.readUInt8(11);
      if (stem.startsWith(".") || (attribute & 0x08) !== 0) continue;
      const path = `${prefix}${stem}${extension === "" ? "" : `.${extension}`}`;
      const content = chain(entry.readUInt16LE(26));
      const isDirectory = (attribute & 0x10) !== 0;
      entries.set(path, isDirectory ? undefined : content.subarray(0, entry.readUInt32LE(28)));
      if (isDirectory) walk(content, `${path}/`);
    }
  }

  walk(image.subarray(rootStart, dataStart), "");
  const label = image.toString("latin1", 43, 54).trimEnd();
  return { entryBits, clusterCount, label, serial: image.readUInt32LE(39), entries };
}
