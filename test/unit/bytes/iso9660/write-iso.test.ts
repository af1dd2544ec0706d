import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeIso } from "../../../../src/bytes/iso9660/write-iso.ts";
import { file } from "../../../support/archives/contents.ts";
import { readIso } from "../../../support/archives/iso-reader.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const volume = { volumeId: "SAMPLE", time: new Date("2026-03-04T05:06:07Z") };
const signal = new AbortController().signal;

test("the image replaces what was there, is private, and leaves nothing else behind", async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, "boot.iso");
  await writeFile(path, "old");
  await writeIso({ ...volume, tree: new Map([["a/b", file("text")]]), path, signal });
  const image = await readFile(path);
  expect(readIso(image).get("a/b")?.content.toString()).toBe("text");
  expect(image.length % 2048).toBe(0);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(["boot.iso"]);
});

test("contents are read from slices of a file", async () => {
  const directory = await temporaryDirectory();
  const spool = join(directory, "spool");
  await writeFile(spool, "0123456789");
  const slice = { kind: "slice", path: spool, offset: 2, size: 3 } as const;
  const tree = new Map([
    ["one", { ...file(""), type: "file", content: slice } as const],
    ["same", { ...file(""), type: "file", content: { ...slice } } as const],
  ]);
  const path = join(directory, "a.iso");
  await writeIso({ ...volume, tree, path, signal });
  const entries = readIso(await readFile(path));
  expect(entries.get("one")?.content.toString()).toBe("234");
  expect(entries.get("same")?.sector).toBe(entries.get("one")?.sector);
});

test("a failure leaves the old image alone and nothing else behind", async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, "boot.iso");
  await writeFile(path, "old");
  const missing = { kind: "slice", path: join(directory, "gone"), offset: 0, size: 1 } as const;
  const tree = new Map([["a", { ...file(""), type: "file", content: missing } as const]]);
  const writing = writeIso({ ...volume, tree, path, signal });
  await expect(writing).rejects.toMatchObject({ code: "ENOENT" });
  expect(await readFile(path, "utf8")).toBe("old");
  expect(await readdir(directory)).toEqual(["boot.iso"]);
});

test("an aborted writing ends with the signal's reason and leaves nothing behind", async () => {
  const directory = await temporaryDirectory();
  const controller = new AbortController();
  const tree = new Map([["a", file(Buffer.alloc(2 ** 20))]]);
  const path = join(directory, "boot.iso");
  const writing = writeIso({ ...volume, tree, path, signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(writing).rejects.toThrow("enough");
  expect(await readdir(directory)).toEqual([]);
});
