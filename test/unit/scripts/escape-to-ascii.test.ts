import { runInThisContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { escapeToAscii } from "../../../scripts/build/escape-to-ascii.ts";

describe("means the same in ASCII", () => {
  test.each([
    { of: "strings", code: `["ä…", 'é😀', "a\\\\ë"]` },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code with a template
    { of: "templates", code: "[`é${`…${1}ü`}`, `a\\\\ë`]" },
    { of: "regular expressions", code: "/^[α-ω😀]+é$/u.test('λ😀é')" },
    { of: "keys", code: "({ 'ä': 1 })" },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code with a template
    { of: "raw text without such characters", code: "String.raw`\\n${'é'}`" },
  ])("$of", ({ code }) => {
    const wrapped = `(${code})`;
    const escaped = escapeToAscii(wrapped);
    expect(escaped).toMatch(/^[\0-\x7f]*$/);
    expect(runInThisContext(escaped)).toEqual(runInThisContext(wrapped));
  });
});

describe("refuses what an escape would change", () => {
  test.each([
    { of: "names", code: "const größe = 1;" },
    { of: "raw text", code: "String.raw`Zoë`" },
    { of: "regular expressions with a backslash before", code: "/\\…/" },
    { of: "strings with a backslash before", code: "'\\ë'" },
  ])("$of", ({ code }) => {
    expect(() => escapeToAscii(code)).toThrow("cannot be written in ASCII");
  });
});

test("leaves ASCII alone, whatever it is", () => {
  expect(escapeToAscii("not a program (")).toBe("not a program (");
});
