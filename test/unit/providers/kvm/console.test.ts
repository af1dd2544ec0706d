import { appendFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { printableLines, readConsoleTail } from "../../../../src/providers/kvm/console.ts";
import { pathOf } from "../../../../src/providers/kvm/record.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { sampleMachine } from "./sample-record.ts";

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
  const machine = { ...sampleMachine, directory: await temporaryDirectory() };
  await writeFile(pathOf(machine, "consoleLog"), "x".repeat(1_000_000));
  await appendFile(pathOf(machine, "consoleLog"), "\nlast but one\nlast\n");
  expect(await readConsoleTail(machine, 2)).toEqual(["last but one", "last"]);
});

test("a machine that was never started has no lines", async () => {
  const machine = { ...sampleMachine, directory: await temporaryDirectory() };
  expect(await readConsoleTail(machine, 2)).toEqual([]);
});
