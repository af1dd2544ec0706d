import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readTextIfPresent } from "../../../../src/host/files/files.ts";
import { poll } from "../../../../src/host/poll.ts";
import { identifyProcess } from "../../../../src/host/processes/process-identity.ts";
import { type GuestRun, runInGuest } from "../../../../src/matrix/run/run-in-guest.ts";
import { sessionWorld } from "../../../support/network/session-world.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const { signal } = new AbortController();
const { open } = await sessionWorld();

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await temporaryDirectory();
  file = join(folder, "it's a file");
  // The server of this test runs commands on this host, as this user.
  await writeFile(join(folder, "sudo"), '#!/bin/sh\nshift 2\nexec "$@"\n');
  await chmod(join(folder, "sudo"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function runHere(command: readonly string[], changes: Partial<GuestRun> = {}) {
  const { session } = await open();
  return runInGuest(session, command, {
    ...{ signal, timeoutMs: 20_000, maxOutputBytes: 10_000, file },
    ...changes,
  });
}

/** Throws when the process goes on. */
const untilGone = (pid: string) =>
  poll(async () => (await identifyProcess(Number(pid))) === undefined || undefined, {
    ...{ everyMs: 20, timeoutMs: 5_000, signal, waitingFor: `process ${pid} to be gone` },
  });

test("words arrive as they are, both streams and the status come back", async () => {
  const words = ["it's", 'a "word"', "$HOME `id`", "two\nlines", "", "-n"];
  const { output, exitStatus } = await runHere([
    ...["sh", "-c", 'printf "[%s]" "$@"; echo two >&2; exit 7', "sh", ...words],
  ]);
  expect(output).toContain(words.map((word) => `[${word}]`).join(""));
  expect(output).toContain("two\n");
  expect(exitStatus).toBe(7);
  expect(await readTextIfPresent(file)).toBeUndefined();
});

test("a signal's end is told as shells do, and nothing is added to the output", async () => {
  expect(await runHere(["sh", "-c", "kill -TERM $$"])).toEqual({ output: "", exitStatus: 143 });
});

test("a program that is not there ends with 127", async () => {
  expect(await runHere(["no-such-program"])).toMatchObject({ exitStatus: 127 });
});

test("when its time is over the command is killed with all that it has started", async () => {
  const pids = join(folder, "pids");
  const script = `sleep 600 & echo $! >>'${pids}'; echo $$ >>'${pids}'; echo said; sleep 600`;
  const { output, exitStatus } = await runHere(["sh", "-c", script], { timeoutMs: 2_000 });
  expect({ output, exitStatus }).toEqual({ output: "said\n", exitStatus: undefined });
  const [child = "", shell = ""] = (await readFile(pids, "utf8")).split("\n");
  await untilGone(child);
  await untilGone(shell);
});

test("what a command leaves running neither keeps it nor goes on", async () => {
  const { output, exitStatus } = await runHere(["sh", "-c", "sleep 600 & echo $!"]);
  expect(exitStatus).toBe(0);
  await untilGone(output);
});
