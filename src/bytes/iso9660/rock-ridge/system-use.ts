// SUSP 1.12 (IEEE P1281): fields after each directory record, and how they go on elsewhere.
import { ascii, uint8 } from "../../integers.ts";
import { both32 } from "../ecma119/numbers.ts";
import { padToSector, sectorSize } from "../sectors.ts";

/** SUSP 4.1: signature, length, version 1, data. */
export function systemUseField(signature: string, ...data: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(data);
  return Buffer.concat([ascii(signature), uint8(4 + body.length), uint8(1), body]);
}

/** SUSP 5.3: the first field of the root folder says that there are others; no bytes to skip. */
export const sharingProtocolField: Uint8Array = systemUseField(
  "SP",
  Uint8Array.of(0xbe, 0xef),
  uint8(0),
);

/** SUSP 5.5: names the extension that the fields belong to. */
export function extensionsReferenceField(
  identifier: string,
  description: string,
  source: string,
): Uint8Array {
  return systemUseField(
    "ER",
    uint8(identifier.length),
    uint8(description.length),
    uint8(source.length),
    uint8(1), // extension version
    ascii(identifier),
    ascii(description),
    ascii(source),
  );
}

const continuationFieldSize = 28;

/** SUSP 5.1: where the fields go on: sector, offset in it, length. */
function continuationField(start: number, position: number, size: number): Uint8Array {
  return systemUseField(
    "CE",
    both32(start + Math.floor(position / sectorSize)),
    both32(position % sectorSize),
    both32(size),
  );
}

/** The sectors that take the fields which do not fit into their directory records. */
export interface ContinuationArea {
  /** The fields if they fit into so many bytes; else as many as do and a link to the others. */
  fit(fields: readonly Uint8Array[], room: number): Uint8Array;
  /** Whole sectors. */
  bytes(): Uint8Array;
}

/** @param start The area's first sector. */
export function createContinuationArea(start: number): ContinuationArea {
  const parts: { position: number; bytes: Uint8Array }[] = [];
  let end = 0;

  function fit(fields: readonly Uint8Array[], room: number): Uint8Array {
    const { head, rest } = split(fields, room);
    if (rest.length === 0) return Buffer.concat(head);
    return Buffer.concat([...head, place(rest)]);
  }

  /** Linux reads each part from one sector only, so none crosses the end of its sector. */
  function place(fields: readonly Uint8Array[]): Uint8Array {
    const { head, rest } = split(fields, sectorSize);
    const size = totalSize(head) + (rest.length === 0 ? 0 : continuationFieldSize);
    const left = sectorSize - (end % sectorSize);
    const position = size > left ? end + left : end;
    end = position + size;
    const link = rest.length === 0 ? [] : [place(rest)];
    parts.push({ position, bytes: Buffer.concat([...head, ...link]) });
    return continuationField(start, position, size);
  }

  return {
    fit,
    bytes() {
      const area = new Uint8Array(end);
      for (const { position, bytes } of parts) area.set(bytes, position);
      return padToSector(area);
    },
  };
}

function split(fields: readonly Uint8Array[], room: number) {
  if (totalSize(fields) <= room) return { head: fields, rest: [] };
  let size = continuationFieldSize;
  const count = fields.findIndex((field) => {
    size += field.length;
    return size > room;
  });
  return { head: fields.slice(0, count), rest: fields.slice(count) };
}

function totalSize(fields: readonly Uint8Array[]): number {
  return fields.reduce((size, field) => size + field.length, 0);
}
