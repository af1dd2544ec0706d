import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { writeCpio } from "../../../src/bytes/cpio.ts";
import type { FileEntry } from "../../../src/bytes/file-tree.ts";
import { file, symlink } from "../../support/archives/contents.ts";

const sample = new Map<string, FileEntry>([
  ["dev/console", { type: "character-device", mode: 0o600, uid: 0, gid: 5, major: 5, minor: 1 }],
  ["init", file("#!/bin/sh\n", 0o4755)],
  ["bin", symlink("usr/bin")],
]);

/** Fields of the header: inode, mode, uid, gid, links, mtime, size, 2 × device, 2 × rdev, name, check. */
const golden = [
  "070701 00000001 0000a1ff 00000000 00000000 00000001 00000000 00000007 00000000 00000000 00000000 00000000 00000004 00000000",
  "bin\0",
  "\0\0", // the header and the name end at a multiple of four
  "usr/bin\0",
  "070701 00000002 000041ed 00000000 00000000 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000004 00000000",
  "dev\0\0\0",
  "070701 00000003 00002180 00000000 00000005 00000001 00000000 00000000 00000000 00000000 00000005 00000001 0000000c 00000000",
  "dev/console\0\0\0",
  "070701 00000004 000089ed 00000000 00000000 00000001 00000000 0000000a 00000000 00000000 00000000 00000000 00000005 00000000",
  "init\0\0",
  "#!/bin/sh\n\0\0",
  "070701 00000000 00000000 00000000 00000000 00000001 00000000 00000000 00000000 00000000 00000000 00000000 0000000b 00000000",
  "TRAILER!!!\0",
].map((text) => (text.startsWith("070701") ? text.replaceAll(" ", "") : text));

test("the archive has the bytes of the format, and whole blocks", async () => {
  const archive = await buffer(writeCpio(sample));
  const expected = Buffer.alloc(1024);
  expected.write(golden.join(""), "latin1");
  expect(archive.toString("latin1")).toBe(expected.toString("latin1"));
});

test("the order of the tree does not matter", async () => {
  const reversed = new Map([...sample].reverse());
  expect((await buffer(writeCpio(reversed))).equals(await buffer(writeCpio(sample)))).toBe(true);
});

test("an empty tree is a trailer", async () => {
  const archive = await buffer(writeCpio(new Map()));
  expect(archive).toHaveLength(512);
  expect(archive.toString("latin1", 110, 120)).toBe("TRAILER!!!");
});

test("a file of 4 GiB is refused", async () => {
  const content = { kind: "slice", path: "/nonexistent", offset: 0, size: 2 ** 32 } as const;
  const tree = new Map([["big", { ...file(""), type: "file", content } as const]]);
  await expect(buffer(writeCpio(tree))).rejects.toThrow(RangeError);
});

test("every name and content comes back", async () => {
  const name = fc.stringMatching(/^[a-z0-9é]{1,40}$/);
  const files = fc.dictionary(name, fc.uint8Array({ maxLength: 600 }), { maxKeys: 8 });
  await fc.assert(
    fc.asyncProperty(files, async (contents) => {
      const tree = new Map(Object.entries(contents).map(([path, bytes]) => [path, file(bytes)]));
      const archive = await buffer(writeCpio(tree));
      expect(archive.length % 512).toBe(0);
      expect(readNames(archive)).toEqual(
        new Map(Object.entries(contents).map(([path, bytes]) => [path, Buffer.from(bytes)])),
      );
    }),
  );
});

function readNames(archive: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let position = 0; ; ) {
    const field = (index: number) =>
      Number.parseInt(
        archive.toString("latin1", position + 6 + 8 * index, position + 14 + 8 * index),
        16,
      );
    const nameSize = field(11);
    const size = field(6);
    const name = archive.toString("utf8", position + 110, position + 109 + nameSize);
    if (name === "TRAILER!!!") return found;
    const start = Math.ceil((position + 110 + nameSize) / 4) * 4;
    found.set(name, archive.subarray(start, start + size));
    position = Math.ceil((start + size) / 4) * 4;
  }
}
