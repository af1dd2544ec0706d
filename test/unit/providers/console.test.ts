import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { printableLines, readConsoleTail } from "../../../src/providers/console.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test.each([
  { written: "one\r\ntwo\n", seen: ["one", "two"] },
  { written: "\u001b[2J\u001b[1;31mred\u001b[0m\r\n", seen: ["red"] },
  { written: "10%\r50%\r100%\n", seen: ["100%"] },
  { written: "bell\u0007 and null\0\n", seen: ["bell and null"] },
  { written: "\n \r\n\n", seen: [] },
  { written: "grüße\n", seen: ["grüße"] },
])("of $written one reads $seen", ({ written, seen }) => {
  expect(printableLines(written)).toEqual(seen);
});

test("only the end of a long log is read", async () => {
  const path = join(await temporaryDirectory(), "console.log");
  await writeFile(path, "x".repeat(1_000_000));
  await appendFile(path, "\nlast but one\nlast\n");
  expect(await readConsoleTail(path, 2)).toEqual(["last but one", "last"]);
});

test("as much of a long log is read as the lines that are wanted need", async () => {
  const path = join(await temporaryDirectory(), "console.log");
  await writeFile(path, `first\n${"x".repeat(99).concat("\n").repeat(5_000)}`);
  const lines = await readConsoleTail(path, 10_000);
  expect([lines.length, lines[0]]).toEqual([5_001, "first"]);
});

test("a machine that was never started has no lines", async () => {
  expect(await readConsoleTail(join(await temporaryDirectory(), "console.log"), 2)).toEqual([]);
});
