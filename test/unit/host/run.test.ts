import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { plainLocale } from "../../../src/host/processes/plain-locale.ts";
import { run } from "../../../src/host/processes/run.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const node = process.execPath;
const { LC_ALL: locale } = plainLocale(process.platform);
const endless = "setInterval(() => {}, 1000)";

describe("run", () => {
  test("gives back output and exit status, arguments untouched by any shell", async () => {
    const script = "console.log(process.argv[1]); console.error('careful')";
    expect(await run(node, ["-e", script, "$HOME; *"])).toEqual({
      stdout: "$HOME; *\n",
      stderr: "careful\n",
      exitCode: 0,
    });
  });

  test("passes input, folder and environment, and asks for English messages", async () => {
    const cwd = await temporaryDirectory();
    const script =
      "process.stdin.pipe(process.stdout); console.log(process.cwd(), process.env.COLOUR, process.env.LC_ALL, process.env.LANGUAGE)";
    const environment = { COLOUR: "green", LC_ALL: "de_DE", LANGUAGE: "de" };
    const { stdout } = await run(node, ["-e", script], { cwd, environment, input: "in" });
    expect(stdout).toBe(`${cwd} green ${locale} undefined\nin`);
  });

  test("names a program that is not there", async () => {
    await expect(run("no-such-program", [])).rejects.toMatchObject({
      code: "PROGRAM_MISSING",
      message: "program no-such-program is not on PATH",
      hints: [expect.stringContaining("install no-such-program")],
    });
  });

  test("tells a program that cannot be started from one that failed", async () => {
    const path = join(await temporaryDirectory(), "text");
    await writeFile(path, "not a program");
    await expect(run(path, [])).rejects.toMatchObject({
      code: "PROGRAM_FAILED",
      message: expect.stringMatching(/could not be started: .*EACCES/),
    });
  });

  test("reports a failure with the last line the program printed", async () => {
    const script = "console.error('first'); console.error('disk is full'); process.exit(7)";
    await expect(run("node", ["-e", script])).rejects.toMatchObject({
      code: "PROGRAM_FAILED",
      message: "node ended with status 7: disk is full",
      context: { stderr: "first\ndisk is full\n" },
    });
  });

  test.each([
    { accept: [0, 7], exitCode: 7 },
    { accept: "all" as const, exitCode: 42 },
  ])("takes exit status $exitCode as an answer when $accept are accepted", async (row) => {
    const args = ["-e", `process.exit(${row.exitCode})`];
    const result = await run(node, args, { acceptExitCodes: row.accept });
    expect(result.exitCode).toBe(row.exitCode);
  });

  test("gives 128 plus the signal's number when a signal ended the program", async () => {
    const args = ["-e", "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)"];
    expect(await run(node, args, { acceptExitCodes: "all" })).toMatchObject({ exitCode: 143 });
    await expect(run("node", args)).rejects.toThrow("node ended with status 143");
  });

  test("ends a program that takes too long", async () => {
    await expect(run("node", ["-e", endless], { timeoutMs: 100 })).rejects.toMatchObject({
      code: "TIMEOUT",
      message: "node did not end within 100 ms",
    });
  });

  test("ends the program and throws the signal's reason when aborted", async () => {
    const controller = new AbortController();
    const reason = new Error("interrupted");
    const running = run(node, ["-e", endless], { signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });
});
