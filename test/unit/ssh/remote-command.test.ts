import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { run } from "../../../src/host/processes/run.ts";
import { quoteWord, reportingSignals } from "../../../src/ssh/remote-command.ts";

const shell = (command: string, input = "") =>
  run("sh", ["-c", command], {
    input,
    environment: { SHELL: "/bin/sh" },
    acceptExitCodes: "all",
  });

describe("a command that reports signals", () => {
  test.each([
    ["exit 0", 0],
    ["exit 7", 7],
    ["kill -9 $$", 137],
    ["kill -TERM $$", 143],
    ["kill -INT $$", 130],
  ])("%s ends with status %i, and nothing is printed", async (command, exitCode) => {
    expect(await shell(reportingSignals(command))).toEqual({ exitCode, stdout: "", stderr: "" });
  });

  test("keeps its streams apart and gets its input", async () => {
    const command = reportingSignals("cat; echo \"it's\" 'a  b' >&2");
    expect(await shell(command, "typed\n")).toEqual({
      ...{ exitCode: 0, stdout: "typed\n", stderr: "it's a  b\n" },
    });
  });

  test("leaves no trace in the command's environment, and none in other processes' arguments", async () => {
    const command = "env | grep -c TSMACHINE; cat /proc/$PPID/cmdline | grep -c needle";
    expect((await shell(reportingSignals(command))).stdout).toBe("0\n0\n");
  });
});

test("a quoted word is one word of the shell, whatever it holds", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", " ", "'", '"', "\\", "$", "`", "\n", "é") });
  await fc.assert(
    fc.asyncProperty(text, async (word) => {
      expect((await shell(`printf %s ${quoteWord(word)}`)).stdout).toBe(word);
    }),
    { numRuns: 30 },
  );
});
