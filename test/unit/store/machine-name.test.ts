import { describe, expect, test } from "vitest";
import { isMachineName, parseMachineName } from "../../../src/store/machine-name.ts";

describe("parseMachineName", () => {
  test.each(["default", "Dev-2", "a", "0", "build.example", "1.2", "console", "a".repeat(63)])(
    "takes %s",
    (name) => {
      expect(parseMachineName(name)).toBe(name);
      expect(isMachineName(name)).toBe(true);
    },
  );

  test.each([
    ["", /give the machine a name/],
    [".", /letter or a digit/],
    ["..", /letter or a digit/],
    [".hidden", /letter or a digit/],
    ["-f", /letter or a digit/],
    ["dev-", /letter or a digit/],
    ["dev.", /letter or a digit/],
    ["a..b", /letter or a digit/],
    ["a/b", /letter or a digit/],
    ["a\\b", /letter or a digit/],
    ["a_b", /letter or a digit/],
    ["a b", /letter or a digit/],
    ["dev\n", /letter or a digit/],
    ["dév", /letter or a digit/],
    ["10.0.0.1", /address/],
    ["NUL", /device on Windows/],
    ["com1.example", /device on Windows/],
    ["a".repeat(64), /at most 63/],
  ])("refuses %j in docker-machine's words, with the reason as hint", (name, hint) => {
    expect(isMachineName(name)).toBe(false);
    expect(() => parseMachineName(name)).toThrow(
      expect.objectContaining({
        code: "NAME_INVALID",
        message: "Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -",
        hints: [expect.stringMatching(hint)],
      }),
    );
  });
});
