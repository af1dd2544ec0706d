import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeIso } from "../../../../src/bytes/iso9660/write-iso.ts";
import { unpackDeb } from "../../../../src/iso/unpack/unpack-deb.ts";
import {
  arArchive,
  debPackage,
  type TestHeader,
  type TestMember,
  tarArchive,
} from "../../../support/archives/deb.ts";
import { type TarFields, withTarFields } from "../../../support/archives/tar-header.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

async function unpack(deb: Uint8Array) {
  const directory = await temporaryDirectory();
  const path = join(directory, "some.deb");
  await writeFile(path, deb);
  const { signal } = new AbortController();
  const result = unpackDeb({ path, spoolPath: join(directory, "spool"), signal });
  return { result, path, directory };
}

async function expectRefusal(deb: Uint8Array, problem: string): Promise<void> {
  const { result, path, directory } = await unpack(deb);
  await expect(result).rejects.toMatchObject({
    code: "ARCHIVE_INVALID",
    message: `${path} cannot be unpacked: ${problem}`,
  });
  expect(await readdir(directory)).toEqual(["some.deb"]);
}

type Entries = readonly (readonly [header: TestHeader, content?: string])[];

const packed = async (entries: Entries) =>
  debPackage({ name: "data.tar", content: await tarArchive(entries) });

const link = (name: string, linkname = "/etc"): Entries[number] => [
  { name, type: "symlink", linkname },
];
const folder = (name: string): Entries[number] => [{ name, type: "directory" }];

describe("a package whose entries do not fit together is refused", () => {
  test.each<[title: string, entries: Entries, problem: string]>([
    [
      "a file two levels below a symbolic link",
      [link("./lib"), [{ name: "./lib/a/b" }, "x"]],
      "lib/a/b lies below lib, which is no folder",
    ],
    [
      "a symbolic link in place of a folder with something in it",
      [[{ name: "./lib/a/b" }, "x"], link("./lib")],
      "lib is no folder, and something lies below it",
    ],
    [
      "a symbolic link in place of a folder that was listed",
      [folder("./lib"), link("./lib")],
      "lib comes twice",
    ],
    ["a folder in place of a symbolic link", [link("./lib"), folder("./lib")], "lib comes twice"],
    [
      "a hard link to a symbolic link",
      [link("./a"), [{ name: "./b", type: "link", linkname: "./a" }]],
      "hard link b names a, which is no unpacked file",
    ],
    [
      "a hard link to an absolute path",
      [[{ name: "./b", type: "link", linkname: "/etc/shadow" }]],
      'path "/etc/shadow" is absolute',
    ],
    [
      "a file below a file",
      [
        [{ name: "./a" }, "x"],
        [{ name: "./a/b" }, "x"],
      ],
      "a/b lies below a, which is no folder",
    ],
  ])("%s", async (_, entries, problem) => {
    await expectRefusal(await packed(entries), problem);
  });
});

test("names that differ by case alone are two files: nothing is unpacked on the host", async () => {
  const { result } = await unpack(
    await packed([
      [{ name: "./A" }, "1"],
      [{ name: "./a" }, "2"],
    ]),
  );
  expect([...(await result).keys()]).toEqual(["A", "a"]);
});

describe("a package with a name that lists and images cannot hold is refused", () => {
  test.each<[title: string, header: TestHeader, problem: string]>([
    ["a line feed", { name: "./a\nb" }, 'path "./a\\nb" holds a control character'],
    ["an escape", { name: "./\u001b[2J" }, 'path "./\\u001b[2J" holds a control character'],
    ["too many levels", { name: "d/".repeat(65) }, `path "${"d/".repeat(65)}" is too deep`],
    [
      "over 4095 bytes",
      { name: `${`${"n".repeat(250)}/`.repeat(17)}x` },
      `path "${`${"n".repeat(250)}/`.repeat(17)}x" is too long`,
    ],
    [
      "a link to a line feed",
      { name: "l", type: "symlink", linkname: "a\nb" },
      "symbolic link l has an impossible target",
    ],
    [
      "a link to a name of 256 bytes",
      { name: "l", type: "symlink", linkname: "n".repeat(256) },
      "symbolic link l has an impossible target",
    ],
  ])("%s", async (_, header, problem) => {
    await expectRefusal(await packed([[header]]), problem);
  });

  test("bytes that are not UTF-8", async () => {
    const tar = withTarFields(await tarArchive([[{ name: "x" }, "1"]]), {
      name: Buffer.of(0x66, 0xe9),
    });
    await expectRefusal(
      debPackage({ name: "data.tar", content: tar }),
      'path "f\ufffd" is not UTF-8',
    );
  });
});

test("the longest names and targets that are let through fit into an image", async () => {
  const longest = "n".repeat(255);
  const { result, directory } = await unpack(
    await packed([
      [{ name: `./${longest}` }, "x"],
      link("./link", `${`${longest}/`.repeat(15)}${"t".repeat(255)}`),
    ]),
  );
  const { signal } = new AbortController();
  const path = join(directory, "image.iso");
  await writeIso({ tree: await result, volumeId: "T", time: new Date(0), path, signal });
});

describe("a package with a header that no file has is refused at once", () => {
  const base256 = (...last: number[]) =>
    Uint8Array.of(...new Array(12 - last.length).fill(0xff), ...last);
  const impossible = "a has an impossible mode, owner or size";
  const damaged = "its tar data is damaged or cut short";
  test.each<[title: string, fields: TarFields, problem: string]>([
    ["a size that is no number", { size: Uint8Array.of(0x81, 0, 0) }, impossible],
    ["a negative size", { size: base256(0xfe) }, damaged],
    ["a size over 2^53", { size: Uint8Array.of(0x80, ...new Array(11).fill(0xff)) }, impossible],
    ["a size that is text", { size: "sixty" }, damaged],
    ["a size beyond the end", { size: "00077777777\0" }, damaged],
    ["a folder with content", { type: "5", size: "00000000005\0" }, impossible],
    ["a link with content", { type: "1", size: "00000000005\0" }, impossible],
    ["a negative owner", { uid: Uint8Array.of(...new Array(7).fill(0xff), 0xfe) }, impossible],
    ["an absurd mode", { mode: "7777777\0" }, impossible],
    ["a block device", { type: "4", size: "0" }, "a is not a file, folder or link"],
    ["a character device", { type: "3", size: "0" }, "a is not a file, folder or link"],
    ["a pipe", { type: "6", size: "0" }, "a is not a file, folder or link"],
    ["a type that there is not", { type: "Z", size: "0" }, "a is not a file, folder or link"],
    ["a pax header of negative size", { type: "x", size: base256(0xfe) }, damaged],
    ["a pax header of 5 MiB", { type: "x", size: "00024000000\0" }, damaged],
  ])("%s", async (_, fields, problem) => {
    const tar = withTarFields(await tarArchive([[{ name: "./a" }, "hello"]]), fields);
    await expectRefusal(debPackage({ name: "data.tar", content: tar }), problem);
  });

  test.each(["-1", "9".repeat(20), "NaN"])("a pax size of %s", async (size) => {
    const tar = await tarArchive([[{ name: "./a", pax: { size } }, "hello"]]);
    const { result } = await unpack(debPackage({ name: "data.tar", content: tar }));
    await expect(result).rejects.toMatchObject({ code: "ARCHIVE_INVALID" });
  });
});

describe("a package that is not debian-binary, control.tar and data.tar is refused", () => {
  const version = { name: "debian-binary", content: "2.0\n" };
  const control = { name: "control.tar.xz", content: "" };
  const data = { name: "data.tar", content: "" };
  const wrongMembers = "its members are not debian-binary, control.tar and data.tar";
  const wrongFormat = "it is not a package of format 2";
  test.each<[title: string, members: readonly TestMember[], problem: string]>([
    ["data before control", [version, data, control], wrongMembers],
    ["data twice", [version, control, data, data], wrongMembers],
    [
      "data in two compressions",
      [version, control, { ...data, name: "data.tar.xz" }, data],
      wrongMembers,
    ],
    ["control twice", [version, control, control, data], wrongMembers],
    [
      "something behind the data",
      [version, control, data, { name: "more", content: "" }],
      wrongMembers,
    ],
    ["the version not first", [control, version, data], wrongFormat],
    ["the version twice", [version, version, control, data], wrongMembers],
    [
      "an overlong version",
      [{ ...version, content: `2.0\n${"x".repeat(100)}` }, control, data],
      wrongFormat,
    ],
    [
      "an unknown member",
      [version, control, { ...data, name: "data.tar.lzma" }],
      "member data.tar.lzma is in no known compression",
    ],
  ])("%s", async (_, members, problem) => {
    await expectRefusal(arArchive(members), problem);
  });

  test("members whose name begins with an underscore are passed over", async () => {
    const content = await tarArchive([[{ name: "a" }, "x"]]);
    const extra = { name: "_signature", content: "x" };
    const { result } = await unpack(
      arArchive([version, extra, control, { ...data, content }, extra]),
    );
    expect([...(await result).keys()]).toEqual(["a"]);
  });
});
