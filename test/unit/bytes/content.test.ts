import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  chunksOf,
  createContentReader,
  placeOf,
  readContent,
  sizeOf,
} from "../../../src/bytes/content.ts";
import { gather } from "../../../src/bytes/gather.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const mebibyte = 2 ** 20;

test("a slice gives the bytes of its part of the file, a mebibyte at a time", async () => {
  const path = join(await temporaryDirectory(), "spool");
  const bytes = Buffer.from(Array.from({ length: 2.5 * mebibyte }, (_, index) => index % 251));
  await writeFile(path, bytes);
  const slice = { kind: "slice", path, offset: 3, size: 2 * mebibyte } as const;
  const lengths: number[] = [];
  for await (const chunk of chunksOf(slice)) lengths.push(chunk.length);
  expect(lengths).toEqual([mebibyte, mebibyte]);
  expect(sizeOf(slice)).toBe(2 * mebibyte);
  expect(bytes.subarray(3, 3 + 2 * mebibyte).equals(await readContent(slice))).toBe(true);
});

test("a slice that goes beyond its file's end is an error", async () => {
  const path = join(await temporaryDirectory(), "spool");
  await writeFile(path, "short");
  const slice = { kind: "slice", path, offset: 2, size: 10 } as const;
  await expect(readContent(slice)).rejects.toThrow(`${path} ends before byte 12`);
});

test("an empty slice needs no file", async () => {
  const slice = { kind: "slice", path: "/nonexistent", offset: 0, size: 0 } as const;
  expect(await readContent(slice)).toHaveLength(0);
});

test("one reader serves many contents of one file", async () => {
  const path = join(await temporaryDirectory(), "spool");
  await writeFile(path, "abcdef");
  const reader = createContentReader();
  const texts: string[] = [];
  for (const offset of [4, 0, 2]) {
    for await (const chunk of reader.chunksOf({ kind: "slice", path, offset, size: 2 })) {
      texts.push(Buffer.from(chunk).toString());
    }
  }
  await reader.close();
  expect(texts).toEqual(["ef", "ab", "cd"]);
});

test("contents share a place when they are the same bytes, not equal ones", () => {
  const bytes = Buffer.from("x");
  const slice = { kind: "slice", path: "/a", offset: 1, size: 2 } as const;
  expect(placeOf({ kind: "bytes", bytes })).toBe(placeOf({ kind: "bytes", bytes }));
  expect(placeOf({ kind: "bytes", bytes })).not.toBe(
    placeOf({ kind: "bytes", bytes: Buffer.from("x") }),
  );
  expect(placeOf(slice)).toBe(placeOf({ ...slice }));
  expect(placeOf(slice)).not.toBe(placeOf({ ...slice, size: 3 }));
});

test("gathering keeps the bytes and makes large chunks of small ones", async () => {
  async function* chunks() {
    for (const size of [1, 700_000, 700_000, 3 * mebibyte, 5]) yield Buffer.alloc(size, size % 256);
  }
  const expected: Uint8Array[] = [];
  for await (const chunk of chunks()) expected.push(chunk);
  const gathered: Uint8Array[] = [];
  for await (const chunk of gather(chunks())) gathered.push(chunk);
  expect(Buffer.concat(gathered).equals(Buffer.concat(expected))).toBe(true);
  expect(gathered.map(({ length }) => length)).toEqual([700_001, 700_000, 3 * mebibyte, 5]);
});

test("a sequence gives the bytes of its parts, wherever they are, one after another", async () => {
  const path = join(await temporaryDirectory(), "spool");
  await writeFile(path, "0123456789");
  const slice = { kind: "slice", path, offset: 3, size: 4 } as const;
  const inner = {
    kind: "sequence",
    parts: [slice, { kind: "bytes", bytes: Buffer.from("-") }],
  } as const;
  const sequence = { kind: "sequence", parts: [inner, { ...slice, size: 0 }, slice] } as const;
  expect(sizeOf(sequence)).toBe(9);
  expect(Buffer.from(await readContent(sequence)).toString()).toBe("3456-3456");
  expect(placeOf(sequence)).toBe(placeOf({ ...sequence }));
  expect(placeOf(sequence)).not.toBe(placeOf({ ...sequence, parts: [...sequence.parts] }));
});
