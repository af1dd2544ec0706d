import { expect, test } from "vitest";
import { parentOf, sortedEntries, statModeOf, withParents } from "../../../src/bytes/file-tree.ts";
import { directory, file, symlink } from "../../support/archives/contents.ts";

test("entries are in byte order, folders before what is in them", () => {
  const paths = ["b/\u{1f433}", "b/\u{ff5e}", "b", "b-c", "a"];
  const tree = new Map(paths.map((path) => [path, directory()]));
  expect(sortedEntries(tree).map(([path]) => path)).toEqual([
    "a",
    "b",
    "b-c",
    "b/\u{ff5e}",
    "b/\u{1f433}",
  ]);
});

test("missing parents are added and present ones kept", () => {
  const tree = withParents(
    new Map([
      ["a/b/c", file("")],
      ["a", directory(0o700)],
    ]),
  );
  expect([...tree.keys()].sort()).toEqual(["a", "a/b", "a/b/c"]);
  expect(tree.get("a")?.mode).toBe(0o700);
  expect(tree.get("a/b")).toEqual({ type: "directory", mode: 0o755, uid: 0, gid: 0 });
});

test("nothing can lie below a link", () => {
  const tree = new Map([
    ["lib", symlink("usr/lib")],
    ["lib/x", file("")],
  ]);
  expect(() => withParents(tree)).toThrow("lib/x lies below lib, a symlink");
});

test.each([
  ["file", 0o104755],
  ["directory", 0o044755],
  ["symlink", 0o124755],
  ["character-device", 0o024755],
  ["block-device", 0o064755],
] as const)("the st_mode of a %s holds type and permissions", (type, expected) => {
  expect(statModeOf({ type, mode: 0o4755 })).toBe(expected);
});

test("the parent of a path at the top is the root", () => {
  expect([parentOf("a/b/c"), parentOf("a"), parentOf("")]).toEqual(["a/b", "", ""]);
});
