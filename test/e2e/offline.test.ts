import { dirname, join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import type { RunResult } from "../../src/host/processes/run.ts";
import { openSharedCacheStore, smallMachine } from "../support/machines/machine.ts";
import { openTestStore, type TestStore } from "../support/machines/tsmachine.ts";
import { processesIn } from "../support/machines/tsmachine-processes.ts";
import { flagsWithoutNetwork } from "../support/network/without-network.ts";

const unshareFlags = await flagsWithoutNetwork();

let maker: TestStore;
let bundle: string;
beforeAll(async () => {
  maker = await openSharedCacheStore();
  bundle = join(dirname(maker.path), "bundle.tar");
  const { exitCode, stderr } = await maker.tsmachine("bundle", "create", bundle);
  if (exitCode !== 0) throw new Error(`bundle create ended with ${exitCode}: ${stderr}`);
  return () => maker[Symbol.asyncDispose]();
});

/** Runs a script of sh(1) where there is no network but the loopback. */
function offline(store: TestStore, script: string): Promise<RunResult> {
  const flags = unshareFlags?.join(" ") ?? "";
  const inside = `ip link set lo up && ${script}`;
  return store.shell(`unshare ${flags} sh -c "$INSIDE"`, { environment: { INSIDE: inside } });
}

test.skipIf(unshareFlags === undefined)(
  "a bundle and an empty store suffice to create and use a machine without a network (skipped where no network namespace may be made)",
  async () => {
    await using store = await openTestStore({ dockerProgram: inject("dockerProgram") });
    const useMachine = 'eval "$(tsmachine env --shell sh offline)" && docker version';
    const { exitCode, stdout, stderr } = await offline(
      store,
      [
        "! ip route | grep .",
        `tsmachine bundle import ${bundle}`,
        `tsmachine create ${smallMachine.join(" ")} offline`,
        useMachine,
        "tsmachine rm -y offline",
      ].join(" && "),
    );
    expect(stderr).not.toMatch(/error:/);
    expect(stdout).toMatch(/^Server:/m);
    expect(exitCode).toBe(0);
    expect(await processesIn(store.path)).toEqual([]);
  },
);

test.skipIf(unshareFlags === undefined)(
  "without a bundle there is no machine (skipped where no network namespace may be made)",
  async () => {
    await using store = await openTestStore();
    const { exitCode, stderr } = await offline(
      store,
      `tsmachine create ${smallMachine.join(" ")} offline`,
    );
    expect(stderr).toContain("[NETWORK_UNREACHABLE]");
    expect(exitCode).toBe(1);
  },
);

test("an unpacked bundle is a mirror for other programs and for `--mirror`", async () => {
  await using store = await openTestStore();
  const { exitCode, stdout, stderr } = await store.shell(
    `mkdir "$HOME/mirror" && tar -xf "$BUNDLE" -C "$HOME/mirror" &&
     tsmachine iso build --json --allow-expired --mirror "file://$HOME/mirror/debian"`,
    { environment: { BUNDLE: bundle } },
  );
  expect(stderr).not.toMatch(/error:/);
  expect(JSON.parse(stdout)).toHaveLength(2);
  expect(exitCode).toBe(0);
});
