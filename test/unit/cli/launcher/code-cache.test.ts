import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  codeCachePath,
  readCodeCache,
  sealCodeCache,
} from "../../../../src/cli/launcher/code-cache.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const sectorBytes = 512;
/** No word of it is zero, as that of a lost sector is. */
const code = Buffer.alloc(8 * sectorBytes + 3, "compiled");

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

  test.each([0, 3, 4, sectorBytes, code.byteLength - 1, code.byteLength + 3])(
    "when only %i bytes of it are there",
    async (length) => {
      expect(await readChanged((sealed) => sealed.subarray(0, length))).toBeUndefined();
    },
  );

  test.each([0, 1, 5, 7])("when sector %i is lost", async (sector) => {
    const start = sector * sectorBytes;
    expect(
      await readChanged((sealed) => sealed.fill(0, start, start + sectorBytes)),
    ).toBeUndefined();
  });

  test("when two sectors have changed places", async () => {
    const numbered = Buffer.concat([1, 2, 3].map((value) => Buffer.alloc(sectorBytes, value)));
    const path = join(await temporaryDirectory(), "cache");
    await writeFile(path, sealCodeCache(numbered));
    expect(readCodeCache(path)).toBeDefined();
    const sealed = await readFile(path);
    sealed.copyWithin(0, sectorBytes, 2 * sectorBytes);
    sealed.fill(1, sectorBytes, 2 * sectorBytes);
    await writeFile(path, sealed);
    expect(readCodeCache(path)).toBeUndefined();
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
