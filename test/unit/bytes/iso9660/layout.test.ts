import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileEntry, FileTree } from "../../../../src/bytes/file-tree.ts";
import { statModeOf } from "../../../../src/bytes/file-tree.ts";
import { layOutIso } from "../../../../src/bytes/iso9660/layout.ts";
import type { VolumeOptions } from "../../../../src/bytes/iso9660/start.ts";
import { isoChunks } from "../../../../src/bytes/iso9660/write-iso.ts";
import { directory, file, symlink } from "../../../support/archives/contents.ts";
import { readIso } from "../../../support/archives/iso-reader.ts";

const volume: VolumeOptions = { volumeId: "SAMPLE", time: new Date("2026-03-04T05:06:07Z") };

function encode(tree: FileTree, options: Partial<VolumeOptions> = {}): Promise<Buffer> {
  return buffer(isoChunks(layOutIso(tree, { ...volume, ...options })));
}

test("the volume begins with its descriptors", async () => {
  const image = await encode(new Map([["a", file("x")]]));
  const primary = image.subarray(16 * 2048);
  expect(image.subarray(0, 16 * 2048).every((byte) => byte === 0)).toBe(true);
  expect(primary.toString("latin1", 0, 7)).toBe("\x01CD001\x01");
  expect(primary.toString("latin1", 40, 72)).toBe("SAMPLE".padEnd(32));
  expect(primary.readUInt32LE(80)).toBe(image.length / 2048);
  expect(primary.readUInt32BE(84)).toBe(image.length / 2048);
  expect(primary.toString("latin1", 813, 830)).toBe("2026030405060700\0");
  expect(primary.toString("hex", 156 + 18, 156 + 25)).toBe("7e030405060700");
  expect(image.toString("latin1", 17 * 2048, 17 * 2048 + 7)).toBe("\xffCD001\x01");
});

test("a bootable volume names its catalog in sector 17", async () => {
  const tree = new Map([["boot/isolinux.bin", file(Buffer.alloc(3000, 1))]]);
  const record = { platform: "bios", path: "boot/isolinux.bin", bootInfoTable: true } as const;
  const image = await encode(tree, { bootRecords: [record] });
  const sector = readIso(image).get("boot/isolinux.bin")?.sector ?? 0;
  const catalog = image.readUInt32LE(17 * 2048 + 0x47) * 2048;
  expect(image.toString("latin1", 17 * 2048 + 7, 17 * 2048 + 30)).toBe("EL TORITO SPECIFICATION");
  expect(image.readUInt32LE(catalog + 32 + 8)).toBe(sector);
  expect(image.readUInt32LE(sector * 2048 + 12)).toBe(sector);
  expect(image.readUInt8(sector * 2048 + 64)).toBe(1);
});

test("the root's first record announces Rock Ridge", async () => {
  const image = await encode(new Map());
  const record = image.subarray(image.readUInt32LE(16 * 2048 + 158) * 2048);
  expect(record.toString("hex", 34, 41)).toBe("53500701beef00");
  expect(image.includes("IEEE_P1282")).toBe(true);
});

test("folders are in the path tables in the order of level, parent and name", async () => {
  const paths = ["b/z", "b/a", "a/y/deep", "c"];
  const image = await encode(new Map(paths.map((path) => [path, directory()])));
  const primary = image.subarray(16 * 2048);
  const entries = readIso(image);
  const little = readPathTable(image, primary.readUInt32LE(140), "LE");
  const big = readPathTable(image, primary.readUInt32BE(148), "BE");
  expect(little.map(({ name, parent }) => `${parent} ${name}`)).toEqual([
    "1 \0",
    "1 A",
    "1 B",
    "1 C",
    "2 Y",
    "3 A",
    "3 Z",
    "5 DEEP",
  ]);
  expect(big).toEqual(little);
  expect(little.at(-1)?.sector).toBe(entries.get("a/y/deep")?.sector);

  function readPathTable(bytes: Buffer, sector: number, order: "LE" | "BE") {
    const records: { name: string; sector: number; parent: number }[] = [];
    const end = sector * 2048 + primary.readUInt32LE(132);
    for (let position = sector * 2048; position < end; ) {
      const length = bytes.readUInt8(position);
      records.push({
        name: bytes.toString("latin1", position + 8, position + 8 + length),
        sector:
          order === "LE" ? bytes.readUInt32LE(position + 2) : bytes.readUInt32BE(position + 2),
        parent:
          order === "LE" ? bytes.readUInt16LE(position + 6) : bytes.readUInt16BE(position + 6),
      });
      position += 8 + length + (length % 2);
    }
    return records;
  }
});

test("files that share their content share its sectors, except one that is patched", async () => {
  const shared = file(Buffer.alloc(100, 7));
  const tree = new Map([
    ["a", shared],
    ["b", shared],
    ["equal", file(Buffer.alloc(100, 7))],
    ["boot", shared],
  ]);
  const record = { platform: "bios", path: "boot", bootInfoTable: true } as const;
  const entries = readIso(await encode(tree, { bootRecords: [record] }));
  const sectorOf = (path: string) => entries.get(path)?.sector;
  expect(sectorOf("a")).toBe(sectorOf("b"));
  expect(sectorOf("equal")).not.toBe(sectorOf("a"));
  expect(sectorOf("boot")).not.toBe(sectorOf("a"));
  expect(entries.get("a")?.content).toEqual(Buffer.alloc(100, 7));
});

test("link counts are those of a POSIX file system", async () => {
  const entries = readIso(
    await encode(
      new Map([
        ["a/b", directory()],
        ["a/c", directory()],
        ["a/f", file("")],
      ]),
    ),
  );
  const counts = ["", "a", "a/b", "a/f"].map((path) => entries.get(path)?.linkCount);
  expect(counts).toEqual([3, 4, 2, 1]);
});

test.each([
  ["console", 5, 1, [0, 0x501]],
  ["many", 259, 0x12345, [259, 0x12345]],
  ["zero", 0, 7, [0, 7]],
] as const)(
  "the number of device %s is written as Linux reads it",
  async (path, major, minor, expected) => {
    const entry = { type: "block-device", mode: 0o660, uid: 0, gid: 6, major, minor } as const;
    expect(readIso(await encode(new Map([[path, entry]]))).get(path)?.device).toEqual(expected);
  },
);

describe("what the format cannot hold is refused", () => {
  const huge = { kind: "slice", path: "/nonexistent", offset: 0, size: 2 ** 32 } as const;
  test.each([
    ["a file of 4 GiB", { big: { ...file(""), type: "file", content: huge } }, "big is too large"],
    ["a name of 256 bytes", { ["n".repeat(256)]: file("") }, "has 256 bytes"],
    ["a link without a target", { l: symlink("") }, "has no target"],
    [
      "a device whose number Linux would misread",
      { d: { type: "block-device", mode: 0, uid: 0, gid: 0, major: 0, minor: 256 } },
      "device 0:256",
    ],
  ] as const)("%s", (_, entries, problem) => {
    const tree = new Map<string, FileEntry>(Object.entries(entries));
    expect(() => layOutIso(tree, volume)).toThrow(problem);
  });

  test.each(["", "A B", "A".repeat(33), "É"])("the volume identifier %j", (volumeId) => {
    expect(() => layOutIso(new Map(), { ...volume, volumeId })).toThrow(RangeError);
  });

  test("a boot record without its file", () => {
    const bootRecords = [{ platform: "bios", path: "gone" } as const];
    expect(() => layOutIso(new Map(), { ...volume, bootRecords })).toThrow(
      "boot image gone is not a file of the tree",
    );
  });
});

const name = fc
  .oneof(
    fc.stringMatching(/^[a-zA-Z0-9._-]{1,12}$/),
    fc.stringMatching(/^[a-c]{200,255}$/),
    fc.stringMatching(/^[äß🐳x ]{1,60}$/u),
  )
  .filter((text) => text !== "." && text !== ".." && Buffer.byteLength(text) <= 255);
const target = fc.oneof(
  fc.constantFrom("/", "..", ".", "/etc/../x", "../../lib/./y", "a//b", "tail/"),
  fc.array(name, { minLength: 1, maxLength: 16 }).map((parts) => parts.join("/")),
);
const owner = {
  mode: fc.nat(0o7777),
  uid: fc.nat(0xffffffff),
  gid: fc.nat(70_000),
};
const leaf: fc.Arbitrary<FileEntry> = fc.oneof(
  fc.record({ type: fc.constant("symlink"), ...owner, target }),
  fc.record({
    type: fc.constant("file"),
    ...owner,
    content: fc.record({ kind: fc.constant("bytes"), bytes: fc.uint8Array({ maxLength: 5000 }) }),
  }),
);
const path = fc.array(name, { minLength: 1, maxLength: 12 }).map((parts) => parts.join("/"));

test("every name, attribute, target and content comes back", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(path, leaf), { maxLength: 25 }), async (entries) => {
      const tree = withoutClashes(entries);
      const image = await encode(tree);
      const read = readIso(image);
      for (const [path, entry] of tree) {
        const found = read.get(path);
        expect(found).toMatchObject({ mode: statModeOf(entry), uid: entry.uid, gid: entry.gid });
        if (entry.type === "symlink") expect(found?.target).toBe(entry.target);
        if (entry.type === "file" && entry.content.kind === "bytes") {
          expect(found?.content).toEqual(Buffer.from(entry.content.bytes));
        }
      }
      expect((await encode(new Map([...tree].reverse()))).equals(image)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

/** Leaves out what lies below something that is no folder, or what others lie below. */
function withoutClashes(entries: readonly (readonly [string, FileEntry])[]): FileTree {
  const tree = new Map<string, FileEntry>();
  for (const [path, entry] of entries) {
    const isClash = [...tree.keys()].some(
      (other) => other === path || other.startsWith(`${path}/`) || path.startsWith(`${other}/`),
    );
    if (!isClash) tree.set(path, entry);
  }
  return tree;
}
