import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  type DescribeErrorOptions,
  describeError,
} from "../../../../src/cli/output/describe-error.ts";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";

const options: DescribeErrorOptions = {
  programName: "tsmachine",
  about: "tsmachine 1.2.3, Node.js v20.19.0, linux x64",
  debug: false,
  format: "text",
};
const missingProgram = new TsmachineError("PROGRAM_MISSING", "program qemu is not on PATH", {
  hints: ["install qemu", "or put its folder on PATH"],
  context: { looked: ["/usr/bin"] },
  cause: new Error("spawn ENOENT"),
});

describe("an expected failure", () => {
  it("is worded with its code and hints and ends with its code's status", () => {
    expect(describeError(missingProgram, options)).toEqual({
      lines: [
        "tsmachine: error: program qemu is not on PATH [PROGRAM_MISSING]",
        "tsmachine: hint: install qemu",
        "tsmachine: hint: or put its folder on PATH",
      ],
      exitStatus: 3,
    });
  });

  it("that a machine's console explains shows the console's last lines", () => {
    const failure = new TsmachineError("MACHINE_FAILED", 'machine "dev" stopped', {
      hints: ["mend it"],
      context: { console: ["booting", "tsmachine: FAILED no disk"] },
    });
    expect(describeError(failure, options).lines).toEqual([
      'tsmachine: error: machine "dev" stopped [MACHINE_FAILED]',
      "  The machine's console ends with:",
      "    booting",
      "    tsmachine: FAILED no disk",
      "tsmachine: hint: mend it",
    ]);
    const talkative = new TsmachineError("MACHINE_FAILED", "it stopped", {
      context: { console: Array.from({ length: 400 }, (_, index) => `line ${index}`) },
    });
    const { lines } = describeError(talkative, options);
    expect(lines.slice(1)).toEqual([
      "  The machine's console ends with:",
      ...Array.from({ length: 12 }, (_, index) => `    line ${388 + index}`),
    ]);
    const silent = new TsmachineError("TIMEOUT", "too slow", { context: { console: [] } });
    expect(describeError(silent, options).lines).toEqual(["tsmachine: error: too slow [TIMEOUT]"]);
  });

  it("shows context, stack and causes when debugging", () => {
    const text = describeError(missingProgram, { ...options, debug: true }).lines.join("\n");
    expect(text).toContain('tsmachine: context: looked = ["/usr/bin"]');
    expect(text).toMatch(/TsmachineError: program qemu is not on PATH\n {2}\s+at /);
    expect(text).toMatch(/caused by:\n {2}Error: spawn ENOENT/);
  });

  it("is one line of JSON for a command called with --json", () => {
    const { lines } = describeError(missingProgram, { ...options, format: "json" });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines.join())).toEqual({
      error: {
        code: "PROGRAM_MISSING",
        message: "program qemu is not on PATH",
        hints: ["install qemu", "or put its folder on PATH"],
        context: { looked: ["/usr/bin"] },
      },
    });
  });
});

describe("words of others", () => {
  const hostile = "\x1b[31mred\u202e\nnext\u009d0;title";
  const failure = new TsmachineError("IMPORT_INVALID", `it has ${hostile}`, {
    hints: [`mend ${hostile}`],
    context: { console: [hostile], value: hostile },
    cause: new Error(hostile),
  });

  it.each(["tsmachine", "docker-machine"])(
    "are clean in the lines of %s, one each",
    (programName) => {
      const { lines } = describeError(failure, { ...options, programName });
      expect(lines.slice(1)).toEqual([
        "  The machine's console ends with:",
        "    red next",
        `${programName}: hint: mend red next`,
      ]);
      expect(lines[0]).toMatch(/it has red next( \[IMPORT_INVALID\])?$/);
    },
  );

  it("are clean when debugging and in a bug", () => {
    for (const thrown of [failure, new Error(hostile)]) {
      for (const line of describeError(thrown, { ...options, debug: true }).lines) {
        expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
      }
    }
  });

  it("are in JSON what they are", () => {
    const { lines } = describeError(failure, { ...options, format: "json" });
    expect(JSON.parse(lines.join()).error.message).toBe(`it has ${hostile}`);
  });
});

describe("under the name docker-machine", () => {
  it.each(["text", "json"] as const)(
    "the commands in a failure are docker-machine's as %s",
    (format) => {
      const failure = new TsmachineError("TIMEOUT", "`tsmachine start dev` took too long", {
        hints: ["see `tsmachine ls`"],
      });
      const named = { ...options, programName: "docker-machine", format };
      const text = describeError(failure, named).lines.join("\n");
      expect(text).toContain("`docker-machine start dev` took too long");
      expect(text).toContain("see `docker-machine ls`");
    },
  );
});

describe("a cancelled command", () => {
  it("says so and ends with 130", async () => {
    const controller = new AbortController();
    const waiting = delay(60_000, undefined, { signal: controller.signal });
    controller.abort();
    const thrown = await waiting.catch((error: unknown) => error);
    for (const error of [thrown, controller.signal.reason]) {
      expect(describeError(error, options)).toEqual({
        lines: ["tsmachine: error: cancelled [CANCELLED]"],
        exitStatus: 130,
      });
    }
  });
});

describe("a failure of the operating system", () => {
  it.each([
    { systemCode: "ENOSPC", line: "no space is left on the disk: /store/x [DISK_FULL]" },
    { systemCode: "EACCES", line: "permission was denied: /store/x [PERMISSION_DENIED]" },
    { systemCode: "EROFS", line: "the file system is read-only: /store/x [PERMISSION_DENIED]" },
    {
      systemCode: "ENOTDIR",
      line: "a part of the path is not a folder: /store/x [FILE_UNREADABLE]",
    },
    { systemCode: "EEXIST", line: "something else is in this place: /store/x [FILE_UNREADABLE]" },
    { systemCode: "EMFILE", line: "too many files are open: /store/x [FILE_UNREADABLE]" },
  ])("$systemCode is explained with the file's path", ({ systemCode, line }) => {
    const error = Object.assign(new Error("failed"), { code: systemCode, path: "/store/x" });
    const { lines, exitStatus } = describeError(error, options);
    expect(lines[0]).toBe(`tsmachine: error: ${line}`);
    expect(lines[1]).toMatch(/^tsmachine: hint: /);
    expect(exitStatus).toBe(1);
  });

  it("that a module should have foreseen is a bug", async () => {
    const folder = await mkdtemp(join(tmpdir(), "describe-error-"));
    const thrown = await writeFile(folder, "").catch((error: unknown) => error);
    await rm(folder, { recursive: true });
    expect(describeError(thrown, options).lines[0]).toMatch(/^tsmachine: bug: EISDIR/);
  });
});

describe("a bug", () => {
  it("shows its stack and causes and asks to be reported with the version", () => {
    const bug = new Error("impossible", { cause: new AggregateError([new Error("one"), "two"]) });
    const { lines, exitStatus } = describeError(bug, options);
    const text = lines.join("\n");
    expect(lines[0]).toBe("tsmachine: bug: impossible");
    expect(text).toMatch(/\n {2}Error: impossible\n {2}\s+at /);
    expect(text).toMatch(
      /caused by:\n {2}AggregateError[\s\S]*Error: one[\s\S]*caused by:\n {2}two/,
    );
    expect(lines.at(-1)).toBe(
      "tsmachine: hint: report this bug with all these lines and the command you gave (tsmachine 1.2.3, Node.js v20.19.0, linux x64)",
    );
    expect(exitStatus).toBe(1);
  });

  it("has the code BUG as JSON", () => {
    const { lines } = describeError("a thrown string", { ...options, format: "json" });
    expect(JSON.parse(lines.join())).toMatchObject({
      error: { code: "BUG", message: "a thrown string" },
    });
  });
});
