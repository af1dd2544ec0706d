import { expect, test } from "vitest";
import {
  lastLines,
  readableLine,
  readableText,
} from "../../../../src/matrix/report/readable-text.ts";

test.each([
  ["colours go", "\u001b[1;31mred\u001b[0m", "red"],
  ["line ends become one kind", "a\r\nb\r\r\nc\rd", "a\nb\nc\nd"],
  ["control characters are replaced", "a\u0000b\u0007c\u007f", "a�b�c�"],
  ["halves of surrogate pairs are replaced", "a\ud800b", "a�b"],
  ["characters that are none are replaced", "\ufffe\uffff", "��"],
  ["tabs, umlauts and emoji stay", "\tä\u{1f600}", "\tä\u{1f600}"],
])("%s", (_, printed, readable) => {
  expect(readableText(printed)).toBe(readable);
});

test("a line has no line ends", () => {
  expect(readableLine(" a\r\n  b\tc ")).toBe("a b c");
});

test("the last lines are those before the empty ones", () => {
  expect(lastLines("a\nb\nc\n\n", 2)).toEqual(["b", "c"]);
  expect(lastLines("\n", 2)).toEqual([]);
});
