import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type UnpackDebOptions, unpackDeb } from "../../../../src/iso/unpack/unpack-deb.ts";
import { textAt } from "../../../support/archives/contents.ts";
import {
  arArchive,
  debPackage,
  type TestHeader,
  tarArchive,
} from "../../../support/archives/deb.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

/** `./usr` and `./usr/hello`, made by Python's tarfile and lzma. */
const foreignTarXz = Buffer.from(
  "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AG5dABcLyyeJ8uv7sv6J4fnJCB0cKj6MUKgavppHW0vGUs+3I0qifGTHV5rdVOOzqcD+0hHxp+iKJaog3uPwgx4uDs5Scol5Lw7n6y+ThHbg7tvk0lSBEyxS1RfCKLPQhB/LLqYCKdOiYY7uX/QaUaEAAAAArR5mopPtfioAAYoBgFAAAFhS+8CxxGf7AgAAAAAEWVo=",
  "base64",
);

async function unpack(deb: Uint8Array, options: Partial<UnpackDebOptions> = {}) {
  const directory = await temporaryDirectory();
  const path = join(directory, "some.deb");
  await writeFile(path, deb);
  const spoolPath = join(directory, "spool");
  const signal = new AbortController().signal;
  const result = unpackDeb({ path, spoolPath, signal, ...options });
  return { result, path, spoolPath, directory };
}

async function unpackEntries(
  entries: readonly (readonly [TestHeader, string?])[],
  options: Partial<UnpackDebOptions> = {},
) {
  const content = await tarArchive(entries);
  return unpack(debPackage({ name: "data.tar", content }), options);
}

const ordinary = [
  [{ name: "./", type: "directory", mode: 0o755 }],
  [{ name: "./usr/bin/", type: "directory", mode: 0o2755, gid: 50 }],
  [{ name: "./usr/bin/sudo", mode: 0o4755, uid: 1, gid: 2 }, "program"],
  [{ name: "./usr/bin/empty", mode: 0o644 }],
  [{ name: "./usr/bin/link", type: "symlink", linkname: "/etc/alternatives/x", mode: 0o777 }],
  [{ name: "./usr/bin/hard", type: "link", linkname: "./usr/bin/sudo" }],
] as const;

test("files, folders, links, modes and owners come out under plain paths", async () => {
  const { result, spoolPath } = await unpackEntries(ordinary);
  const tree = await result;
  const sudo = {
    type: "file",
    mode: 0o4755,
    uid: 1,
    gid: 2,
    content: { kind: "slice", path: spoolPath, offset: 0, size: 7 },
  };
  expect([...tree]).toEqual([
    ["usr/bin", { type: "directory", mode: 0o2755, uid: 0, gid: 50 }],
    ["usr/bin/sudo", sudo],
    ["usr/bin/empty", expect.objectContaining({ type: "file", mode: 0o644 })],
    ["usr/bin/link", expect.objectContaining({ type: "symlink", target: "/etc/alternatives/x" })],
    ["usr/bin/hard", sudo],
  ]);
  expect(await textAt(tree, "usr/bin/hard")).toBe("program");
  expect(await textAt(tree, "usr/bin/empty")).toBe("");
});

const helloTar = () => tarArchive([[{ name: "./usr/hello" }, "hello\n"]]);

test.each([
  ["data.tar.xz", async () => foreignTarXz],
  ["data.tar.gz", async () => gzipSync(await helloTar())],
  ["data.tar", helloTar],
])("%s is unpacked", async (name, makeContent) => {
  const { result } = await unpack(debPackage({ name, content: await makeContent() }));
  expect(await textAt(await result, "usr/hello")).toBe("hello\n");
});

test("what is not kept takes no room", async () => {
  const { result, spoolPath } = await unpackEntries(ordinary, {
    keep: (path) => path.startsWith("usr/bin/l"),
  });
  expect([...(await result).keys()]).toEqual(["usr/bin/link"]);
  expect((await stat(spoolPath)).size).toBe(0);
});

test("names longer than a tar header come out whole", async () => {
  const name = `usr/${"long/".repeat(60)}${"n".repeat(200)}`;
  const { result } = await unpackEntries([[{ name: `./${name}` }, "x"]]);
  expect([...(await result).keys()]).toEqual([name]);
});

test("large contents and many small ones come back as they were", async () => {
  const texts = new Map(
    Array.from({ length: 300 }, (_, index) => [`f${index}`, `${index}`.repeat(index * 8)]),
  );
  texts.set("large", "0123456789abcdef".repeat(200_000));
  const { result } = await unpackEntries(
    [...texts].map(([name, content]) => [{ name: `./${name}` }, content]),
  );
  const tree = await result;
  for (const [name, text] of texts) expect(await textAt(tree, name)).toBe(text);
});

describe("a package is refused by name, and leaves no spool", () => {
  test.each([
    ["an absolute path", [{ name: "/etc/passwd" }, "x"], 'path "/etc/passwd" is absolute'],
    ["a path out of the root", [{ name: "./a/../../b" }, "x"], 'path "./a/../../b" holds ".."'],
    [
      "a NUL in a path",
      [{ name: "x", pax: { path: "a\0b" } }, "x"],
      'path "a\\u0000b" holds a NUL',
    ],
    [
      "a name of 256 bytes",
      [{ name: `./${"n".repeat(256)}` }, "x"],
      `path "./${"n".repeat(256)}" has too long a name`,
    ],
    [
      "a device",
      [{ name: "./null", type: "character-device" }],
      "null is not a file, folder or link",
    ],
    ["a pipe", [{ name: "./p", type: "fifo" }], "p is not a file, folder or link"],
    [
      "a link without a target",
      [{ name: "./l", type: "symlink", linkname: "" }],
      "symbolic link l has an impossible target",
    ],
    [
      "a hard link to nothing",
      [{ name: "./l", type: "link", linkname: "./gone" }],
      "hard link l names gone, which is no unpacked file",
    ],
    [
      "a hard link out of the root",
      [{ name: "./l", type: "link", linkname: "../../etc/shadow" }],
      'path "../../etc/shadow" holds ".."',
    ],
  ] as const)("%s", async (_, entry, problem) => {
    const { result, path, directory } = await unpackEntries([entry]);
    await expect(result).rejects.toMatchObject({
      code: "ARCHIVE_INVALID",
      message: `${path} cannot be unpacked: ${problem}`,
    });
    expect(await readdir(directory)).toEqual(["some.deb"]);
  });

  test("the same file twice", async () => {
    const { result } = await unpackEntries([
      [{ name: "./a" }, "1"],
      [{ name: "a" }, "2"],
    ]);
    await expect(result).rejects.toThrow("a comes twice");
  });

  test("a file below a symbolic link", async () => {
    const link = { name: "./lib", type: "symlink", linkname: "/etc" } as const;
    const { result } = await unpackEntries([[link], [{ name: "./lib/x" }, "1"]]);
    await expect(result).rejects.toThrow("lib/x lies below lib, which is no folder");
  });

  test("more entries than allowed", async () => {
    const { result } = await unpackEntries(ordinary, { maxEntries: 5 });
    await expect(result).rejects.toThrow("it has over 5 entries");
  });

  test("more bytes than allowed, before they are written", async () => {
    const { result, directory } = await unpackEntries([[{ name: "./zeros" }, "0".repeat(5000)]], {
      maxUnpackedBytes: 4000,
    });
    await expect(result).rejects.toThrow("it holds more than 4000 bytes");
    expect(await readdir(directory)).toEqual(["some.deb"]);
  });

  test.each([
    ["inside a file", 700],
    ["inside a header", 1400],
  ])("a tar that ends %s", async (_, length) => {
    const tar = await tarArchive([
      [{ name: "./a" }, "x".repeat(600)],
      [{ name: "./b" }, "y"],
    ]);
    const { result } = await unpack(
      debPackage({ name: "data.tar", content: tar.subarray(0, 512 + length) }),
    );
    await expect(result).rejects.toThrow("its tar data is damaged or cut short");
  });

  test("a tar with a wrong checksum", async () => {
    const tar = await tarArchive([[{ name: "./a" }, "x"]]);
    tar.write("b", 2);
    const { result } = await unpack(debPackage({ name: "data.tar", content: tar }));
    await expect(result).rejects.toThrow("its tar data is damaged or cut short");
  });

  test("compressed data that is cut short", async () => {
    const content = foreignTarXz.subarray(0, -30);
    const { result, directory } = await unpack(debPackage({ name: "data.tar.xz", content }));
    await expect(result).rejects.toThrow("its xz data is damaged or cut short");
    expect(await readdir(directory)).toEqual(["some.deb"]);
  });

  test.each([
    [
      "another format",
      [{ name: "debian-binary", content: "3.0\n" }],
      "it is not a package of format 2",
    ],
    ["no members", [], "it is not a package of format 2"],
    [
      "no data",
      [
        { name: "debian-binary", content: "2.0\n" },
        { name: "control.tar.xz", content: "" },
      ],
      "its members are not debian-binary, control.tar and data.tar",
    ],
    [
      "an unknown compression",
      [
        { name: "debian-binary", content: "2.0\n" },
        { name: "control.tar.zst", content: "" },
        { name: "data.tar.zst", content: "" },
      ],
      "member data.tar.zst is in no known compression",
    ],
  ])("%s", async (_, members, problem) => {
    const { result } = await unpack(arArchive(members));
    await expect(result).rejects.toMatchObject({
      code: "ARCHIVE_INVALID",
      message: expect.stringContaining(problem),
    });
  });
});

test("an aborted unpacking ends with the signal's reason and leaves no spool", async () => {
  const controller = new AbortController();
  const { result, directory } = await unpackEntries(ordinary, {
    keep: () => {
      controller.abort(new Error("enough"));
      return true;
    },
    signal: controller.signal,
  });
  await expect(result).rejects.toThrow("enough");
  expect(await readdir(directory)).toEqual(["some.deb"]);
});

test("a spool file that is already there is left alone", async () => {
  const { directory, path } = await unpackEntries([]);
  const spoolPath = join(directory, "precious");
  await writeFile(spoolPath, "mine");
  const signal = new AbortController().signal;
  await expect(unpackDeb({ path, spoolPath, signal })).rejects.toMatchObject({ code: "EEXIST" });
  expect((await stat(spoolPath)).size).toBe(4);
});
