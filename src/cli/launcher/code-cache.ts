import { createHash } from "node:crypto";
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
 * rest is whole: of damaged code it crashes. So the file ends with a digest, and what does not have
 * the right one counts as missing.
 */
export function readCodeCache(path: string): Uint8Array | undefined {
  const sealed = readIfPresent(path);
  if (sealed === undefined || sealed.byteLength < digestBytes) return undefined;
  const code = sealed.subarray(0, -digestBytes);
  return digestOf(code).equals(sealed.subarray(-digestBytes)) ? code : undefined;
}

/** The content of the file for readCodeCache. */
export function sealCodeCache(code: Uint8Array): Uint8Array {
  return Buffer.concat([code, digestOf(code)]);
}

const digestBytes = 32;

function digestOf(code: Uint8Array): Buffer {
  return createHash("sha256").update(code).digest();
}

/** Undefined also when the file cannot be read: the program runs without it. */
function readIfPresent(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
