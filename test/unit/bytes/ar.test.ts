import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAr } from "../../../src/bytes/ar.ts";
import { TsmachineError } from "../../../src/errors/tsmachine-error.ts";
import { arArchive } from "../../support/archives/deb.ts";

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsmachine-ar-"));
  path = join(folder, "some.deb");
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(bytes: Uint8Array) {
  await writeFile(path, bytes);
  return readAr(path);
}

const good = arArchive([
  { name: "debian-binary", content: "2.0\n" },
  { name: "odd/", content: "abc" },
  { name: "data.tar", content: "0123456789" },
]);

test("members are listed with the place of their content, and padding between is skipped", async () => {
  expect(await read(good)).toEqual([
    { name: "debian-binary", offset: 68, size: 4 },
    { name: "odd", offset: 132, size: 3 },
    { name: "data.tar", offset: 196, size: 10 },
  ]);
});

test("an archive may be empty", async () => {
  expect(await read(Buffer.from("!<arch>\n"))).toEqual([]);
});

function changed(position: number, text: string): Buffer {
  const bytes = Buffer.from(good);
  bytes.write(text, position, "latin1");
  return bytes;
}

describe("what is no archive is refused by name", () => {
  test.each([
    ["an empty file", Buffer.alloc(0), "it has no ar magic"],
    ["another magic", changed(0, "!<ARCH>"), "it has no ar magic"],
    ["a header cut short", good.subarray(0, 40), "a member's header is cut short"],
    ["a wrong end mark", changed(66, "xx"), "a member's header has no end mark"],
    ["a binary name", changed(8, "\x01\x02"), "a member's name is not printable ASCII"],
    ["a nameless member", changed(8, " ".repeat(16)), "a member's name is not printable ASCII"],
    ["a negative size", changed(56, "-4"), "member debian-binary has no decimal size"],
    ["a size of blanks", changed(56, "          "), "member debian-binary has no decimal size"],
    ["an absurd size", changed(56, "9999999999"), "member debian-binary is cut short"],
    ["content cut short", good.subarray(0, -1), "member data.tar is cut short"],
    ["a wrong padding byte", changed(135, "x"), "a padding byte is wrong"],
    [
      "too many members",
      arArchive(Array.from({ length: 65 }, (_, index) => ({ name: `m${index}`, content: "" }))),
      "over 64 members",
    ],
  ])("%s", async (_, bytes, problem) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: "ARCHIVE_INVALID",
      message: `${path} is not a valid ar archive: ${problem}`,
      hints: [expect.stringContaining("delete the file")],
    });
  });
});

test("a missing file is the system's error", async () => {
  await expect(readAr(join(folder, "missing"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("members lie within the file, whatever the bytes", async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(fc.nat(good.length - 1), fc.uint8Array({ minLength: 1, maxLength: 20 }))
      .map(([position, noise]) => {
        const noisy = Buffer.from(good);
        noisy.set(noise.subarray(0, good.length - position), position);
        return noisy;
      }),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (archive) => {
      writeFileSync(path, archive);
      const members = await readAr(path).catch((error) => {
        expect(error).toBeInstanceOf(TsmachineError);
        return [];
      });
      for (const { offset, size } of members) {
        expect(offset + size).toBeLessThanOrEqual(archive.length);
      }
    }),
  );
});
