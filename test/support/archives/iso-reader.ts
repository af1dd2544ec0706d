/** What a reader of Rock Ridge sees of one entry. */
export interface IsoEntry {
  /** The identifier of level 1. */
  readonly identifier: string;
  readonly mode: number;
  readonly linkCount: number;
  readonly uid: number;
  readonly gid: number;
  readonly sector: number;
  readonly content: Buffer;
  /** Of a symbolic link. */
  readonly target?: string;
  /** Of a device: high and low half of its number. */
  readonly device?: readonly [high: number, low: number];
}

const sectorSize = 2048;

/**
 * The entries of an image by their true paths, "" for the root. Written from the standards alone,
 * shares no code with the writer.
 */
export function readIso(image: Buffer): Map<string, IsoEntry> {
  const entries = new Map<string, IsoEntry>();
  const rootRecord = image.subarray(16 * sectorSize + 156);
  walk(image, rootRecord.readUInt32LE(2), rootRecord.readUInt32LE(10), "", entries);
  return entries;
}

function walk(
  image: Buffer,
  sector: number,
  size: number,
  path: string,
  entries: Map<string, IsoEntry>,
): void {
  const directory = image.subarray(sector * sectorSize, sector * sectorSize + size);
  for (const record of recordsOf(directory)) {
    const identifier = record.toString("latin1", 33, 33 + record.readUInt8(32));
    if (identifier === "\x01" || (identifier === "\0" && path !== "")) continue;
    const { name, ...posix } = readSystemUse(image, record);
    const isRoot = identifier === "\0";
    const childPath = isRoot || path === "" ? name : `${path}/${name}`;
    const start = record.readUInt32LE(2);
    const length = record.readUInt32LE(10);
    const isDirectory = (record.readUInt8(25) & 2) !== 0;
    const from = start * sectorSize;
    const content = isDirectory ? Buffer.alloc(0) : image.subarray(from, from + length);
    entries.set(childPath, { identifier, sector: start, content, ...posix });
    if (isDirectory && !isRoot) walk(image, start, length, childPath, entries);
  }
}

function* recordsOf(directory: Buffer): Generator<Buffer> {
  for (let position = 0; position < directory.length; ) {
    const length = directory.readUInt8(position);
    if (length > 0) yield directory.subarray(position, position + length);
    position =
      length > 0 ? position + length : (Math.floor(position / sectorSize) + 1) * sectorSize;
  }
}

function readSystemUse(image: Buffer, record: Buffer) {
  const identifierEnd = 33 + record.readUInt8(32);
  const found = { name: "", mode: 0, linkCount: 0, uid: 0, gid: 0 };
  const targetParts: { text: string; isContinued: boolean }[] = [];
  let device: [number, number] | undefined;
  for (const field of fieldsOf(image, record.subarray(identifierEnd + (identifierEnd % 2)))) {
    switch (field.toString("latin1", 0, 2)) {
      case "NM":
        found.name += field.toString("latin1", 5);
        break;
      case "PX":
        found.mode = field.readUInt32LE(4);
        found.linkCount = field.readUInt32LE(12);
        found.uid = field.readUInt32LE(20);
        found.gid = field.readUInt32LE(28);
        break;
      case "PN":
        device = [field.readUInt32LE(4), field.readUInt32LE(12)];
        break;
      case "SL":
        targetParts.push(...componentsOf(field.subarray(5)));
    }
  }
  return {
    ...found,
    name: Buffer.from(found.name, "latin1").toString(),
    ...(targetParts.length > 0 && { target: joinTarget(targetParts) }),
    ...(device && { device }),
  };
}

function* fieldsOf(image: Buffer, area: Buffer): Generator<Buffer> {
  let next: Buffer | undefined;
  for (let position = 0; position + 4 <= area.length; ) {
    const length = area.readUInt8(position + 2);
    if (length < 4) break;
    const field = area.subarray(position, position + length);
    if (field.toString("latin1", 0, 2) === "CE") {
      const offset = field.readUInt32LE(12);
      const size = field.readUInt32LE(20);
      if (offset + size > sectorSize) throw new Error("a continuation crosses its sector's end");
      const start = field.readUInt32LE(4) * sectorSize + offset;
      next = image.subarray(start, start + size);
    }
    yield field;
    position += length;
  }
  if (next !== undefined) yield* fieldsOf(image, next);
}

function componentsOf(components: Buffer) {
  const parts: { text: string; isContinued: boolean }[] = [];
  for (let position = 0; position < components.length; ) {
    const flags = components.readUInt8(position);
    const end = position + 2 + components.readUInt8(position + 1);
    const name = components.toString("latin1", position + 2, end);
    const special = new Map([
      [2, "."],
      [4, ".."],
      [8, "/"],
    ]).get(flags & ~1);
    parts.push({ text: special ?? name, isContinued: (flags & 1) !== 0 });
    position = end;
  }
  return parts;
}

function joinTarget(parts: readonly { text: string; isContinued: boolean }[]): string {
  const text = parts
    .map(({ text, isContinued }, index) => {
      const isLast = index === parts.length - 1;
      return isLast || isContinued || text === "/" ? text : `${text}/`;
    })
    .join("");
  return Buffer.from(text, "latin1").toString();
}
