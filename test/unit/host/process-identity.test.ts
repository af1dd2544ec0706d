import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  identifyProcess,
  isRunning,
  signalProcess,
} from "../../../src/host/processes/process-identity.ts";

function startIdleProcess() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  if (child.pid === undefined) throw new Error("node could not be started");
  return { child, pid: child.pid };
}

async function identify(pid: number) {
  const identity = await identifyProcess(pid);
  if (identity === undefined) throw new Error(`no process ${pid}`);
  return identity;
}

describe("a process identity", () => {
  test("stays the same while the process runs", async () => {
    const { pid } = startIdleProcess();
    const identity = await identify(pid);
    expect(await identify(pid)).toEqual(identity);
    expect(await isRunning(identity)).toBe(true);
  });

  test("is gone with the process", async () => {
    const { child, pid } = startIdleProcess();
    const identity = await identify(pid);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await isRunning(identity)).toBe(false);
    expect(await identifyProcess(pid)).toBeUndefined();
  });

  test("is not that of a later process with the same pid, which is never signalled", async () => {
    const { child, pid } = startIdleProcess();
    const earlier = { pid, startedAt: "an earlier time" };
    expect(await isRunning(earlier)).toBe(false);
    await signalProcess(earlier, "SIGKILL");
    expect(await isRunning(await identify(pid))).toBe(true);
    expect(child.exitCode).toBeNull();
  });
});

describe("signalProcess", () => {
  test("signals that very process", async () => {
    const { child, pid } = startIdleProcess();
    const exit = once(child, "exit");
    await signalProcess(await identify(pid), "SIGTERM");
    expect(await exit).toEqual([null, "SIGTERM"]);
  });

  test("does nothing when the process is gone", async () => {
    const { child, pid } = startIdleProcess();
    const identity = await identify(pid);
    child.kill("SIGKILL");
    await once(child, "exit");
    await expect(signalProcess(identity, "SIGTERM")).resolves.toBeUndefined();
  });
});
