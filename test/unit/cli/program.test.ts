import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ProcessParts } from "../../../src/cli/cli.ts";
import { commandTable } from "../../../src/cli/command-table.ts";
import { runProgram } from "../../../src/cli/program.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { recordedParts } from "../../support/worlds/cli-parts.ts";

/** Runs the program over an empty store. */
async function run(args: readonly string[], changes: Partial<ProcessParts> = {}) {
  const store = join(await temporaryDirectory(), "store");
  const parts = recordedParts({ environment: { TSMACHINE_STORAGE_PATH: store }, ...changes });
  const status = await runProgram(args, parts);
  return { status, store, stdout: parts.printed(), stderr: parts.complained() };
}

const commands = Object.keys(commandTable);

describe("the program's help", () => {
  test.each([[], ["--help"], ["help"]])("comes with the arguments %j", async (...args) => {
    const { status, stdout, stderr } = await run(args);
    expect(status).toBe(0);
    for (const name of commands) expect(stdout + stderr).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  test.each(commands)("tells of %s alone when asked", async (name) => {
    const { status, stdout } = await run([name, "--help"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: tsmachine ${name} `));
    expect((await run(["help", name])).stdout).toBe(stdout);
  });
});

const lists = { engine: "ls", iso: "ls", kernel: "ls", snapshot: "ls", share: "ls" };

test.each(commands)("%s has --json, or prints JSON, or nothing of its own", async (name) => {
  const { stdout } = await run([name, "--help"]);
  const subcommand = new Map(Object.entries({ ...lists, bundle: "create", matrix: "plan" })).get(
    name,
  );
  const own = subcommand === undefined ? { stdout: "" } : await run([name, subcommand, "--help"]);
  if (!["completion", "logs", "ssh"].includes(name))
    expect(stdout + own.stdout).toContain("--json");
});

test("the help of a subcommand is shown too", async () => {
  const { status, stdout } = await run(["iso", "build", "--help"]);
  expect([status, stdout.split("\n")[0]]).toEqual([0, "Usage: tsmachine iso build [options]"]);
});

describe("a wrong command line is refused before anything is done", () => {
  test.each([
    { args: ["crate"], message: "unknown command 'crate'", hint: "write create, or see" },
    { args: ["nonsense"], message: "unknown command 'nonsense'", hint: "see tsmachine --help" },
    { args: ["--nonsense"], message: "unknown option '--nonsense'", hint: "see tsmachine --help" },
    { args: ["ls", "--jsno"], message: "unknown option '--jsno'", hint: "write --json, or see" },
    { args: ["help", "nonsense"], message: "unknown command 'nonsense'", hint: "" },
    {
      args: ["iso", "build", "--lock", "file", "--kernel", "6.1"],
      message: "option '--lock <FILE>' cannot be used with option '--kernel <VERSION>'",
      hint: "leave out --lock or --kernel",
    },
    { args: ["iso", "ls", "--nonsense"], message: "unknown option '--nonsense'", hint: "" },
    { args: ["url", "a", "b"], message: "too many arguments", hint: "see tsmachine --help" },
    { args: ["ls", "-t"], message: "option '-t, --timeout <SECONDS>' argument missing", hint: "" },
    { args: ["ls", "-t", "abc"], message: '--timeout is "abc", not a number of seconds', hint: "" },
    { args: ["ls", "-t", "0"], message: '--timeout is "0", not a number of seconds', hint: "" },
    { args: ["create", "--arch", "mips"], message: "Allowed choices are amd64, arm64", hint: "" },
    { args: ["create", "a b"], message: "Invalid hostname specified", hint: "" },
    { args: ["create", "-d", "nowhere"], message: 'provider "nowhere" not found', hint: "" },
    {
      args: ["create", "-d", "generic", "--generic-ip-address", "192.0.2.1"],
      message: "provider generic cannot create machines yet",
      hint: "--driver kvm",
    },
    { args: ["create", "--url", "none"], message: "flag --url belongs to", hint: "--driver none" },
    { args: ["create", "--engine-env", "x"], message: '"x" is not of the form', hint: "" },
    { args: ["create", "--kvm-memory", "much"], message: '"much" of --kvm-memory', hint: "" },
  ])("$args: $message", async ({ args, message, hint }) => {
    const store = join(await temporaryDirectory(), "store");
    await expect(run(["-s", store, ...args])).rejects.toMatchObject({
      message: expect.stringContaining(message),
      hints: [expect.stringContaining(hint)],
    });
    expect(await readdir(store).catch(() => [])).toEqual([]);
  });
});

describe("over an empty store", () => {
  test.each([
    { args: ["ls"], stdout: "NAME   ACTIVE   DRIVER   STATE   URL   SWARM   DOCKER   ERRORS\n" },
    { args: ["ls", "--json"], stdout: "[]\n" },
    { args: ["ls", "-q"], stdout: "" },
    { args: ["iso", "ls", "--json"], stdout: "[]\n" },
    { args: ["version"], stdout: "tsmachine version 1.2.3\n" },
    { args: ["--version"], stdout: "tsmachine version 1.2.3\n" },
  ])("$args reads and makes nothing", async ({ args, stdout }) => {
    const result = await run(args);
    expect(result).toMatchObject({ status: 0, stdout });
    await expect(readdir(result.store)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test.each([
    ["status", "NAME_MISSING"],
    ["inspect", "NAME_MISSING"],
    ["ip", "NAME_MISSING"],
    ["url", "NAME_MISSING"],
    ["env", "NAME_MISSING"],
    ["config", "NAME_MISSING"],
    ["ssh", "NAME_MISSING"],
    ["start", "NAME_MISSING"],
    ["stop", "NAME_MISSING"],
    ["kill", "NAME_MISSING"],
    ["restart", "NAME_MISSING"],
    ["rm", "NAME_MISSING"],
    ["active", "NO_ACTIVE_MACHINE"],
  ])("%s without a name fails with %s", async (name, code) => {
    await expect(run([name])).rejects.toMatchObject({ code });
  });
});

test("the store is where the flag says, else the variable", async () => {
  const [flagged, named] = [await temporaryDirectory(), await temporaryDirectory()];
  const environment = { TSMACHINE_STORAGE_PATH: named };
  const missing = (args: string[]) => run([...args, "doctor", "--json"], { environment });
  expect((await missing([])).stdout).toContain(named);
  expect((await missing(["--storage-path", flagged])).stdout).toContain(flagged);
});

test("an empty path of the store is none, so that the current folder is never meant", async () => {
  const named = await temporaryDirectory();
  const environment = { MACHINE_STORAGE_PATH: "", TSMACHINE_STORAGE_PATH: named };
  expect((await run(["-s", "", "doctor", "--json"], { environment })).stdout).toContain(named);
});
