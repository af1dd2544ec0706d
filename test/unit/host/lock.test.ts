import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withLock } from "../../../src/host/locks/lock.ts";
import { identifyProcess } from "../../../src/host/processes/process-identity.ts";
import { bundleProgram, type Program } from "../../support/run-typescript.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

let increment: Program;
let hold: Program;
beforeAll(async () => {
  increment = await bundleProgram(new URL("programs/increment-under-lock.ts", import.meta.url));
  hold = await bundleProgram(new URL("programs/hold-lock.ts", import.meta.url));
});
afterAll(async () => {
  await increment[Symbol.asyncDispose]();
  await hold[Symbol.asyncDispose]();
});

const limits = { guards: 'machine "dev"', timeoutMs: 5_000, signal: new AbortController().signal };

async function lockPath(): Promise<string> {
  return join(await temporaryDirectory(), "dev.lock");
}

async function incrementTogether(lock: string, { processes = 8, times = 1 }) {
  const counter = join(dirname(lock), "counter");
  await writeFile(counter, "0");
  const children = Array.from({ length: processes }, () =>
    increment.start(lock, counter, String(times)),
  );
  const results = await Promise.all(children);
  const failures = results.filter(({ exitCode }) => exitCode !== 0).map(({ stderr }) => stderr);
  return { failures, count: Number(await readFile(counter, "utf8")) };
}

/** A lock file as a process that has ended left it: this process's pid, another start time. */
function staleLock(token: string): string {
  return JSON.stringify({ pid: process.pid, startedAt: "long ago", token });
}

describe("withLock", () => {
  test("lets one process in at a time", { timeout: 30_000 }, async () => {
    const lock = await lockPath();
    const { failures, count } = await incrementTogether(lock, { times: 25 });
    expect({ failures, count }).toEqual({ failures: [], count: 200 });
    expect(await readdir(dirname(lock))).toEqual(["counter"]);
  });

  test("lets one caller in at a time within a process", async () => {
    const lock = await lockPath();
    let inside = 0;
    const visit = () =>
      withLock(lock, limits, async () => {
        inside += 1;
        expect(inside).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      });
    await Promise.all([visit(), visit(), visit()]);
  });

  test("gives back what the action gives, and frees the lock when it throws", async () => {
    const lock = await lockPath();
    expect(await withLock(lock, limits, async () => "done")).toBe("done");
    const failing = withLock(lock, limits, () => Promise.reject(new Error("no luck")));
    await expect(failing).rejects.toThrow("no luck");
    expect(await readdir(dirname(lock))).toEqual([]);
  });

  const leftBehind = [
    {
      state: "of a process that has ended",
      content: staleLock("11111111-2222-3333-4444-555555555555"),
    },
    { state: "emptied by a power failure", content: "" },
    { state: "made by hand", content: '{"pid":"me"}' },
  ];

  test.each(leftBehind)(
    "many waiters take over a lock $state, one at a time",
    { timeout: 30_000 },
    async ({ content }) => {
      const lock = await lockPath();
      await writeFile(lock, content);
      const { failures, count } = await incrementTogether(lock, {});
      expect({ failures, count }).toEqual({ failures: [], count: 8 });
      expect(await readdir(dirname(lock))).toEqual(["counter"]);
    },
  );

  test("survives a process that was killed in the middle of taking over", async () => {
    const lock = await lockPath();
    const [dead, killed] = [
      "11111111-2222-3333-4444-555555555555",
      "66666666-7777-8888-9999-000000000000",
    ];
    await writeFile(lock, staleLock(dead));
    await writeFile(`${lock}.${dead}`, staleLock(killed));
    await writeFile(`${lock}.${killed}`, staleLock("long gone"));
    expect(await withLock(lock, limits, async () => "in")).toBe("in");
    expect(await readdir(dirname(lock))).toEqual([]);
  });

  test("takes over after the holder was killed", async () => {
    const lock = await lockPath();
    const holder = hold.start(lock);
    await once(holder.stdout, "data");
    holder.kill("SIGKILL");
    await holder;
    expect(await readdir(dirname(lock))).toEqual(["dev.lock"]);
    expect(await withLock(lock, limits, async () => "in")).toBe("in");
  });

  test("names the holder's pid when the time is up", async () => {
    const lock = await lockPath();
    const holder = hold.start(lock);
    await once(holder.stdout, "data");
    const waitedFor: number[] = [];
    const patience = { ...limits, timeoutMs: 120, onWait: (pid: number) => waitedFor.push(pid) };
    await expect(withLock(lock, patience, async () => {})).rejects.toMatchObject({
      code: "LOCK_TIMEOUT",
      message: `machine "dev" is in use by process ${holder.pid}`,
    });
    expect(waitedFor).toEqual([holder.pid]);
  });

  test("stops waiting with the signal's reason", async () => {
    const lock = await lockPath();
    const self = await identifyProcess(process.pid);
    await writeFile(lock, JSON.stringify({ ...self, token: "held by this test" }));
    const controller = new AbortController();
    const reason = new Error("interrupted");
    const waiting = withLock(
      lock,
      { ...limits, signal: controller.signal, onWait: () => controller.abort(reason) },
      async () => {},
    );
    await expect(waiting).rejects.toBe(reason);
  });

  test("reports a missing folder as the system does", async () => {
    const path = join(await temporaryDirectory(), "nowhere", "dev.lock");
    await expect(withLock(path, limits, async () => {})).rejects.toMatchObject({ code: "ENOENT" });
    await mkdir(dirname(path));
    expect(await withLock(path, limits, async () => "in")).toBe("in");
  });
});
