import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { poll } from "../../../src/host/poll.ts";
import { identifyProcess } from "../../../src/host/processes/process-identity.ts";
import { type CaptureOptions, runCaptured } from "../../../src/host/processes/run-captured.ts";

const { signal } = new AbortController();
const options: CaptureOptions = {
  ...{ timeoutMs: 20_000, cwd: tmpdir(), environment: {}, maxOutputBytes: 10_000 },
  signal,
};
const sh = (script: string, changes: Partial<CaptureOptions> = {}) =>
  runCaptured("sh", ["-c", script], { ...options, ...changes });

/** Throws when the process goes on. */
const untilGone = (pid: string) =>
  poll(async () => (await identifyProcess(Number(pid))) === undefined || undefined, {
    ...{ everyMs: 20, timeoutMs: 5_000, signal, waitingFor: `process ${pid} to be gone` },
  });

describe("runCaptured", () => {
  test("gives back both streams, and the status", async () => {
    const { output, exitStatus } = await sh("echo one; echo two >&2; exit 7");
    expect(output.split("\n").sort()).toEqual(["", "one", "two"]);
    expect(exitStatus).toBe(7);
  });

  test("gives a program that a signal ended its status as shells do", async () => {
    expect(await sh("kill -TERM $$")).toMatchObject({ exitStatus: 128 + 15 });
  });

  test("sets variables and takes others away", async () => {
    const { output } = await sh(`echo "$ONE \${HOME-none}"`, {
      environment: { ONE: "1", HOME: undefined },
    });
    expect(output).toBe("1 none\n");
  });

  test("ends in its time a program with all that it has started, and keeps what it said", async () => {
    const { output, exitStatus } = await sh("sleep 600 & echo $!; sleep 600", { timeoutMs: 500 });
    expect(exitStatus).toBeUndefined();
    await untilGone(output);
  });

  test("leaves nothing behind of a program that has ended", async () => {
    const { output } = await sh("sleep 600 >/dev/null 2>&1 & echo $!");
    await untilGone(output);
  });

  test("ends the program when it is aborted, and throws the reason", async () => {
    const reason = new Error("enough");
    await expect(sh("sleep 600", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const running = sh("sleep 600", { signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  test("names a program that is not there", async () => {
    const running = runCaptured("no-such-program", [], options);
    await expect(running).rejects.toMatchObject({ code: "PROGRAM_MISSING" });
  });
});
