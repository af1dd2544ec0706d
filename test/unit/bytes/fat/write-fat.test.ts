import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readContent, sizeOf } from "../../../../src/bytes/content.ts";
import { fatImage } from "../../../../src/bytes/fat/write-fat.ts";
import type { FileTree } from "../../../../src/bytes/file-tree.ts";
import { withParents } from "../../../../src/bytes/file-tree.ts";
import { directory, file, symlink } from "../../../support/archives/contents.ts";
import { readFat } from "../../../support/archives/fat-reader.ts";

const options = { label: "SAMPLE", serial: 0x1234abcd, time: new Date("2026-03-04T05:06:07Z") };

async function encode(tree: FileTree): Promise<Buffer> {
  return Buffer.from(await readContent(fatImage(tree, options)));
}

test("a volume begins with its parameters, and code that goes back to the BIOS", async () => {
  const image = await encode(new Map([["A", file("x")]]));
  const parts = [
    "eb3c90 4d5357494e342e31", // jump, "MSWIN4.1"
    "0002 04 0100 02 0002 2700 f8 0100 2000 4000 00000000 00000000",
    "80 00 29 cdab3412 53414d504c45 2020202020 4641543132 202020", // serial, "SAMPLE", "FAT12"
    "cd18 ebfe",
  ];
  expect(image.toString("hex", 0, 66)).toBe(parts.join("").replaceAll(" ", ""));
  expect(image.subarray(66, 510).every((byte) => byte === 0)).toBe(true);
  expect(image.toString("hex", 510, 512)).toBe("55aa");
  expect(image.length).toBe(0x27 * 512);
});

test("a file has a chain of clusters in both tables, and its name, time and size", async () => {
  const image = await encode(new Map([["EFI/B.TXT", file(Buffer.alloc(5000, 7))]]));
  for (const table of [512, 1024]) {
    // The directory in cluster 2, the file in 3, 4 and 5.
    expect(image.toString("hex", table, table + 9)).toBe("f8ffffff4f00 05f0ff".replace(" ", ""));
  }
  const [label, folder] = [1536, 1568].map((start) => image.subarray(start, start + 32));
  expect(label?.toString("latin1", 0, 12)).toBe("SAMPLE     \x08");
  expect(folder?.toString("latin1", 0, 12)).toBe("EFI        \x10");
  const entries = image.subarray(1536 + 512 * 32);
  expect(entries.toString("latin1", 0, 12)).toBe(".          \x10");
  expect(entries.toString("latin1", 32, 44)).toBe("..         \x10");
  expect(entries.toString("latin1", 64, 76)).toBe("B       TXT\x20");
  // 05:06:06 on 2026-03-04, thrice; cluster 3; 5000 bytes.
  expect(entries.toString("hex", 76, 96)).toBe("0000c328645c645c0000c328645c030088130000");
});

const name = fc
  .tuple(fc.stringMatching(/^[A-Z0-9_-]{1,8}$/), fc.stringMatching(/^[A-Z0-9]{0,3}$/))
  .map(([stem, extension]) => (extension === "" ? stem : `${stem}.${extension}`));
const trees = fc
  .uniqueArray(
    fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), fc.uint8Array({ maxLength: 9000 })),
    {
      maxLength: 12,
      selector: ([path]) => path[0],
    },
  )
  .map((entries) => new Map(entries.map(([path, bytes]) => [path.join("/"), file(bytes)])));

test("a reader finds every file and directory that was written", async () => {
  await fc.assert(
    fc.asyncProperty(trees, async (tree) => {
      const { entries, label, serial } = readFat(await encode(tree));
      expect({ label, serial }).toEqual({ label: options.label, serial: options.serial });
      const wanted = [...withParents(tree)].map(async ([path, entry]) => {
        const content = entry.type === "file" ? await readContent(entry.content) : undefined;
        return [path, content && Buffer.from(content)] as const;
      });
      expect(new Map(entries)).toEqual(new Map(await Promise.all(wanted)));
    }),
    { numRuns: 50 },
  );
});

describe("a volume is as large as its files need", () => {
  const clusters = (count: number) => fatImage(new Map([["A", fileOfSize(count * 2048)]]), options);

  test.each([
    [0, 12, 1],
    [1, 12, 1],
    // The last entry ends in the middle of the last byte of a FAT's only sector.
    [339, 12, 339],
    [4068, 12, 4068],
    // Drivers differ about the type of volumes near 4085 clusters.
    [4069, 16, 4102],
    [4101, 16, 4102],
    [4102, 16, 4102],
    [5000, 16, 5000],
  ])("%i clusters make FAT%i with %i", async (needed, entryBits, clusterCount) => {
    const volume = readFat(Buffer.from(await readContent(clusters(needed))));
    expect(volume).toMatchObject({ entryBits, clusterCount });
    expect(volume.entries.get("A")).toHaveLength(needed * 2048);
  });

  test("with larger clusters where a FAT could not count small ones", () => {
    expect(sizeOf(fatImage(new Map([["A", fileOfSize(200 * 2 ** 20)]]), options))).toBeLessThan(
      201 * 2 ** 20,
    );
  });

  test("and over 2 GiB it is refused", () => {
    const tree = new Map([["A", fileOfSize(2 ** 31)]]);
    expect(() => fatImage(tree, options)).toThrow(RangeError);
  });

  function fileOfSize(size: number) {
    if (size < 2 ** 24) return file(Buffer.alloc(size, 1));
    const content = { kind: "slice", path: "/nonexistent", offset: 0, size } as const;
    return { ...file(""), type: "file", content } as const;
  }
});

test("the root has room for 511 names", async () => {
  const names = Array.from({ length: 512 }, (_, index) => [`N${index}`, directory()] as const);
  expect(readFat(await encode(new Map(names.slice(1)))).entries.size).toBe(511);
  expect(() => fatImage(new Map(names), options)).toThrow("513 entries are too many");
});

test.each(["boot", "LONGERTHAN8", "A.JPEG", "A.B.C", ".HIDDEN", "A B", "Ä"])(
  "the name %j is refused",
  (path) => {
    const problem = `"${path}" is not a name of FAT`;
    expect(() => fatImage(new Map([[path, file("")]]), options)).toThrow(problem);
  },
);

test("symbolic links are refused", () => {
  const tree = new Map([["LINK", symlink("TARGET")]]);
  expect(() => fatImage(tree, options)).toThrow("FAT cannot hold LINK, a symlink");
});

test.each(["1979-12-31", "2108-01-01"])("the date %s is refused", (day) => {
  const time = new Date(day);
  expect(() => fatImage(new Map(), { ...options, time })).toThrow(RangeError);
});

test("a label of over 11 characters is refused", () => {
  expect(() => fatImage(new Map(), { ...options, label: "TWELVE_CHARS" })).toThrow(RangeError);
});
