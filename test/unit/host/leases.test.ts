import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findLeaseHolders, withLease, withoutNewLeases } from "../../../src/host/locks/leases.ts";
import { bundleProgram, type Program } from "../../support/run-typescript.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const limits = { guards: "the cache", timeoutMs: 5_000, signal: new AbortController().signal };

describe("a lease", () => {
  let hold: Program;
  beforeAll(async () => {
    hold = await bundleProgram(new URL("programs/hold-lease.ts", import.meta.url));
  });
  afterAll(() => hold[Symbol.asyncDispose]());

  test("is held by many at a time, and again within itself, and then given back", async () => {
    const directory = join(await temporaryDirectory(), "leases");
    await withLease(directory, limits, () =>
      withLease(directory, limits, async () => {
        expect(await findLeaseHolders(directory)).toEqual([process.pid]);
      }),
    );
    expect(await findLeaseHolders(directory)).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
  });

  test("is given back when the action fails", async () => {
    const directory = await temporaryDirectory();
    const failing = withLease(directory, limits, () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(await readdir(directory)).toEqual([]);
  });

  test("of another process is seen while that lives, and is gone with it", async () => {
    const directory = await temporaryDirectory();
    const holder = hold.start(directory);
    await once(holder.stdout, "data");
    const holders = (pids: readonly number[]) => Promise.resolve(pids);
    expect(await findLeaseHolders(directory)).toEqual([holder.pid]);
    expect(await withoutNewLeases(directory, limits, holders)).toEqual([holder.pid]);
    holder.kill("SIGKILL");
    await holder;
    expect(await findLeaseHolders(directory)).toEqual([]);
    expect(await readdir(directory)).toHaveLength(1);
    expect(await withoutNewLeases(directory, limits, holders)).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
  });

  test("is not given while somebody is inside withoutNewLeases", async () => {
    const directory = await temporaryDirectory();
    const order: string[] = [];
    let lease = Promise.resolve();
    await withoutNewLeases(directory, limits, async () => {
      lease = withLease(directory, limits, async () => void order.push("lease"));
      await expect(
        withLease(directory, { ...limits, timeoutMs: 0 }, async () => {}),
      ).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
      order.push("no lease");
    });
    await lease;
    expect(order).toEqual(["no lease", "lease"]);
  });

  test.each(["", "{", "{}", '{"pid": -1}'])("file that holds %j is nobody's", async (text) => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "1-0123abcd.lease"), text);
    expect(await findLeaseHolders(directory)).toEqual([]);
  });

  test("is held by nobody where there is no folder", async () => {
    expect(await findLeaseHolders(join(await temporaryDirectory(), "none"))).toEqual([]);
  });
});
