import { expect, test } from "vitest";
import { plainLocale } from "../../../src/host/processes/plain-locale.ts";
import { run } from "../../../src/host/processes/run.ts";

test.each([
  ["linux", "C.UTF-8"],
  ["darwin", "en_US.UTF-8"],
  ["win32", "C"],
] as const)("programs on %s speak %s", (platform, name) => {
  expect(plainLocale(platform)).toEqual({ LC_ALL: name, LANGUAGE: undefined });
});

test.skipIf(process.platform === "win32")(
  "what is not ASCII gets to a program and back, of which the locale's character set is UTF-8",
  async () => {
    const { stdout } = await run("sh", ["-c", 'printf "%s\\n" "$1"; locale charmap', "sh", "é"]);
    expect(stdout).toBe("é\nUTF-8\n");
  },
);
