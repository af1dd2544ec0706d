// gzip, RFC 1952: one member that DEFLATE, RFC 1951, has compressed as a single block.
import { crc32 } from "node:zlib";
import { type BitWriter, createBitWriter } from "./bit-writer.ts";
import { createMatchFinder, type Match } from "./matches.ts";

/**
 * Compresses bytes so that the result depends on them alone. zlib's does not: it differs between
 * its versions, and between processors.
 */
export function gzip(bytes: Uint8Array): Uint8Array {
  const header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, unknownSystem];
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(bytes), 0);
  trailer.writeUInt32LE(bytes.length % 2 ** 32, 4);
  return Buffer.concat([Buffer.from(header), deflate(bytes), trailer]);
}

const unknownSystem = 255;
const endOfBlock = 256;
const lazyLength = 32;

function deflate(bytes: Uint8Array): Uint8Array {
  // At most nine bits for each byte.
  const bits = createBitWriter(Math.ceil((bytes.length * 9) / 8) + 16);
  bits.number(1, 1); // BFINAL
  bits.number(1, 2); // BTYPE: fixed Huffman codes
  const finder = createMatchFinder(bytes);
  let position = 0;
  while (position < bytes.length) {
    const match = finder.at(position);
    finder.add(position);
    const next = match && match.length < lazyLength ? finder.at(position + 1) : undefined;
    const isUsed = match !== undefined && (next === undefined || next.length <= match.length);
    if (isUsed) writeMatch(bits, match);
    else writeSymbol(bits, bytes[position] ?? 0);
    const end = position + (isUsed ? match.length : 1);
    for (position += 1; position < end; position += 1) finder.add(position);
  }
  writeSymbol(bits, endOfBlock);
  return bits.finish();
}

/** Literals, the end of the block and lengths: section 3.2.6. */
function writeSymbol(bits: BitWriter, symbol: number): void {
  if (symbol < 144) bits.code(0b00110000 + symbol, 8);
  else if (symbol < 256) bits.code(0b110010000 + symbol - 144, 9);
  else if (symbol < 280) bits.code(symbol - 256, 7);
  else bits.code(0b11000000 + symbol - 280, 8);
}

function writeMatch(bits: BitWriter, { length, distance }: Match): void {
  const lengthCode = codeOf(lengthBases, length);
  writeSymbol(bits, 257 + lengthCode);
  bits.number(length - (lengthBases[lengthCode] ?? 0), lengthExtraBits(lengthCode));
  const distanceCode = codeOf(distanceBases, distance);
  bits.code(distanceCode, 5);
  bits.number(distance - (distanceBases[distanceCode] ?? 0), distanceExtraBits(distanceCode));
}

/** Section 3.2.5: the shortest length of each code from 257 on. */
const lengthBases = [
  ...[3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115],
  ...[131, 163, 195, 227, 258],
];

function lengthExtraBits(code: number): number {
  return code < 8 || code === 28 ? 0 : (code >> 2) - 1;
}

/** The shortest distance of each code. */
const distanceBases = [
  ...[1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537],
  ...[2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577],
];

function distanceExtraBits(code: number): number {
  return code < 4 ? 0 : (code >> 1) - 1;
}

function codeOf(bases: readonly number[], value: number): number {
  const above = bases.findIndex((base) => base > value);
  return (above === -1 ? bases.length : above) - 1;
}
