import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanLine, createTextCleaner } from "../../../../src/cli/output/clean-terminal-text.ts";

test.each([
  ["plain text with a tab", "a\tb\n", "a\tb\n"],
  ["colours", "\x1b[1;32m[ OK ]\x1b[0m up\n", "[ OK ] up\n"],
  ["what moves the cursor and clears the screen", "\x1b[2J\x1b[H\x1bc\x1b(Bx\n", "x\n"],
  ["a title of the window", "\x1b]0;owned\x07a\x1b]2;owned\x1b\\b\n", "ab\n"],
  ["a question that the terminal would answer", "\x1b[6n\x1bP$qm\x1b\\x\n", "x\n"],
  ["8-bit control sequences", "\u009b31mred\u009d0;title\u009c.\n", "red.\n"],
  ["ends of lines as serial consoles have them", "a\r\nb\r\r\nc\n", "a\nb\nc\n"],
  ["a line that writes over itself", "10 %\r20 %\r\n", "10 %\n20 %\n"],
  ["bells, backspaces and other controls", "a\x07\x08\x00\x7f\x0eb\n", "ab\n"],
  ["a title that is never ended", "\x1b]0;open\nnext line\n", "\nnext line\n"],
  ["a control sequence that is cut short", "\x1b[12\nnext\x1b\nlast\n", "\nnext\nlast\n"],
  ["text that would be written from right to left", "a\u202eb\u2066c\n", "abc\n"],
  ["characters beyond ASCII", "Grüße \u{1f40b}\n", "Grüße \u{1f40b}\n"],
])("%s", (_, text, clean) => {
  expect(createTextCleaner()(text)).toBe(clean);
});

const unit = fc.oneof(
  fc.constantFrom("\x1b", "[", "]", "\\", "\r", "\n", "\x07", "\u009b", "\u009d", "m", "1", ";"),
  fc.string({ unit: "grapheme", maxLength: 3 }),
);
const texts = fc.array(unit, { maxLength: 30 });

test("whatever pieces text comes in, the same is left of it, and no control character", () => {
  fc.assert(
    fc.property(texts, (pieces) => {
      const inPieces = createTextCleaner();
      const clean = pieces.map((piece) => inPieces(piece)).join("");
      expect(clean).toBe(createTextCleaner()(pieces.join("")));
      expect(clean).toMatch(/^[^\p{Cc}]*$|^(?:[\t\n]|[^\p{Cc}])*$/u);
    }),
  );
});

test("every line that follows the end of a line is kept", () => {
  fc.assert(
    fc.property(texts, (pieces) => {
      expect(createTextCleaner()(`${pieces.join("")}\nkept\n`)).toMatch(/(?:^|\n)kept\n$/);
    }),
  );
});

test.each([
  ["  indented\n", "  indented"],
  ["one\n\n  two\r\nthree", "one two three"],
  ["a\x1b[2J\u202eb\x1b]0;open", "ab"],
])("%j is %j on one line", (text, line) => {
  expect(cleanLine(text)).toBe(line);
});
