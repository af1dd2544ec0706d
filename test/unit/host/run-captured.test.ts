import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test, vi } from "vitest";
import { readTextIfPresent } from "../../../src/host/files/files.ts";
import { poll } from "../../../src/host/poll.ts";
import { identifyProcess } from "../../../src/host/processes/process-identity.ts";
import { type CaptureOptions, runCaptured } from "../../../src/host/processes/run-captured.ts";
import { bundleScript } from "../../support/run-typescript.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

vi.setConfig({ testTimeout: 60_000 });

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

  test("waits for the program alone, not for those that it leaves with its output open", async () => {
    const begun = performance.now();
    const inGroup = await sh("echo said; sleep 30 & exit 0", { timeoutMs: 10_000 });
    expect(inGroup).toEqual({ output: "said\n", exitStatus: 0 });
    const outside = await sh("echo $$; setsid sleep 30 & exit 3", { timeoutMs: 10_000 });
    expect(outside).toMatchObject({ exitStatus: 3 });
    const late = await sh("setsid sleep 30 & sleep 30", { timeoutMs: 300 });
    expect(late).toMatchObject({ exitStatus: undefined });
    expect(performance.now() - begun).toBeLessThan(9_000);
  });

  test("is not kept by those that left the program's group when it is aborted", async () => {
    const soon = { signal: AbortSignal.timeout(300) };
    const begun = performance.now();
    const running = sh("setsid sleep 30 & sleep 30", soon);
    await expect(running).rejects.toMatchObject({ name: "TimeoutError" });
    expect(performance.now() - begun).toBeLessThan(9_000);
  });

  test("ends the program with all that it has started also when this process is killed", async () => {
    const options = { cwd: tmpdir(), environment: {}, maxOutputBytes: 1000, timeoutMs: 60_000 };
    const pidFile = join(await temporaryDirectory(), "pid");
    // It says who it is once it surely is watched, which takes a moment after its start.
    const command = `sleep 600 & sleep 1; echo $! >${pidFile}.new; mv ${pidFile}.new ${pidFile}; sleep 600`;
    const script = await bundleScript(`
      import { runCaptured } from "./src/host/processes/run-captured.ts";
      const { signal } = new AbortController();
      void runCaptured("sh", ["-c", ${JSON.stringify(command)}], { ...${JSON.stringify(options)}, signal });`);
    const client = execa(process.execPath, [script], { reject: false, timeout: 60_000 });
    const pid = await poll(() => readTextIfPresent(pidFile), {
      ...{ everyMs: 20, timeoutMs: 30_000, signal, waitingFor: "the program" },
    });
    client.kill("SIGKILL");
    await client;
    await untilGone(pid.trim());
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
