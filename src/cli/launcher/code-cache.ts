import { readFileSync } from "node:fs";

/** What decides whether code that one Node has compiled is of use to another. */
export interface NodeBuild {
  readonly version: string;
  readonly platform: string;
  readonly arch: string;
}

/** The file with the compiled code of a bundle, whose own name changes with its content. */
export function codeCachePath(bundlePath: string, { version, platform, arch }: NodeBuild): string {
  return `${bundlePath}.${version}-${platform}-${arch}.cache`;
}

/**
 * V8 rejects code of another version or with other flags, but releases of it do not look whether the
 * rest is whole: from a file with a hole it crashes. So the file ends with a sum, and what does not
 * add up counts as missing.
 */
export function readCodeCache(path: string): Uint8Array | undefined {
  const sealed = readIfPresent(path);
  if (sealed === undefined || sealed.byteLength < sumBytes) return undefined;
  const end = sealed.byteLength - sumBytes;
  return sealed.readUInt32LE(end) === sumOf(sealed.subarray(0, end))
    ? sealed.subarray(0, end)
    : undefined;
}

/** The content of the file for readCodeCache. */
export function sealCodeCache(code: Uint8Array): Uint8Array {
  const sealed = Buffer.alloc(code.byteLength + sumBytes);
  sealed.set(code);
  sealed.writeUInt32LE(sumOf(sealed.subarray(0, code.byteLength)), code.byteLength);
  return sealed;
}

const sumBytes = 4;
/** In words of four bytes: one of each sector of 512 bytes. */
const step = 128;

/**
 * Of the length and of a word in each sector: file systems lose whole sectors, and to add up
 * everything would take longer than most of what the code does.
 */
function sumOf(bytes: Buffer): number {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
  let sum = bytes.byteLength;
  for (let at = 0; at < words.length; at += step) {
    sum = (Math.imul(sum, 31) + (words[at] ?? 0)) >>> 0;
  }
  return sum;
}

/** Undefined also when the file cannot be read: the program runs without it. */
function readIfPresent(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
