import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  codeCachePath,
  readCodeCache,
  sealCodeCache,
} from "../../../../src/cli/launcher/code-cache.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const code = Buffer.from("what V8 has compiled");

/** What is read of a file that the change has made of a whole one. */
async function readChanged(change: (sealed: Buffer) => Uint8Array) {
  const path = join(await temporaryDirectory(), "cache");
  await writeFile(path, change(Buffer.from(sealCodeCache(code))));
  return readCodeCache(path);
}

test("compiled code is read as it was sealed", async () => {
  const read = await readChanged((sealed) => sealed);
  expect(read && Buffer.from(read)).toEqual(code);
});

describe("compiled code counts as missing", () => {
  test("when there is no file", async () => {
    expect(readCodeCache(join(await temporaryDirectory(), "cache"))).toBeUndefined();
  });

  test("when the file is cut short anywhere", async () => {
    for (let length = 0; length < sealCodeCache(code).byteLength; length += 1) {
      expect(await readChanged((sealed) => sealed.subarray(0, length))).toBeUndefined();
    }
  });

  test("when any byte of it is another", async () => {
    for (let at = 0; at < sealCodeCache(code).byteLength; at += 1) {
      const flip = (sealed: Buffer) => sealed.fill((sealed[at] ?? 0) ^ 1, at, at + 1);
      expect(await readChanged(flip)).toBeUndefined();
    }
  });

  test("when something follows it", async () => {
    expect(await readChanged((sealed) => Buffer.concat([sealed, sealed]))).toBeUndefined();
  });
});

test("each bundle, version of Node.js, platform and architecture has a file of its own", () => {
  const node = { version: "v20.19.0", platform: "linux", arch: "x64" };
  const paths = [
    codeCachePath("/dist/program-1.js", node),
    codeCachePath("/dist/program-2.js", node),
    codeCachePath("/dist/program-1.js", { ...node, version: "v20.19.1" }),
    codeCachePath("/dist/program-1.js", { ...node, platform: "darwin" }),
    codeCachePath("/dist/program-1.js", { ...node, arch: "arm64" }),
  ];
  expect(new Set(paths).size).toBe(paths.length);
});
