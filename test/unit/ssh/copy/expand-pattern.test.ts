import { expect, test } from "vitest";
import { expandPattern } from "../../../../src/ssh/copy/expand-pattern.ts";

const folders: Readonly<Record<string, readonly string[]>> = {
  ".": [".rc", "a.txt", "b.txt", "a*", "sub"],
  sub: ["c.txt", "[x", "x^", "x]"],
  "/": ["etc", "tmp"],
  "/etc": ["hosts", "host.conf"],
};

test.each([
  ["*.txt", ["a.txt", "b.txt"]],
  ["[ab].txt", ["a.txt", "b.txt"]],
  ["[!a].txt", ["b.txt"]],
  ["?.txt", ["a.txt", "b.txt"]],
  ["a\\*", ["a*"]],
  ["*", ["a.txt", "b.txt", "a*", "sub"]],
  [".*", [".rc"]],
  ["s*/*.txt", ["sub/c.txt"]],
  ["sub/[x", ["sub/[x"]],
  ["sub/x[]^]", ["sub/x^", "sub/x]"]],
  ["/etc/host*", ["/etc/hosts", "/etc/host.conf"]],
  ["/*/hosts", ["/etc/hosts"]],
  ["nowhere/*", []],
  ["(a|b).txt", []],
])("%s means %j", async (pattern, expected) => {
  const names = async (folder: string) => {
    const listed = folders[folder];
    if (listed === undefined) throw new Error("no such folder");
    return listed;
  };
  expect(await expandPattern(pattern, names)).toEqual(expected);
});
