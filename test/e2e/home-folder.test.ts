// What a machine has of this host's folders unless told otherwise; no guest is needed to see it.
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  type GuestlessMachine,
  prepareGuestlessMachine,
} from "../support/crash/guestless-machine.ts";
import { openSharedCacheStore } from "../support/machines/machine.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { processesIn } from "../support/machines/tsmachine-processes.ts";
import { provideVirtiofsd } from "../support/machines/virtiofsd.ts";
import { mayMount } from "../support/may-mount.ts";

let store: TestStore;
let guestless: GuestlessMachine;
let virtiofsd: string;
beforeAll(async () => {
  virtiofsd = await provideVirtiofsd(inject("cacheDirectory"));
  [store, guestless] = await Promise.all([openSharedCacheStore(), prepareGuestlessMachine()]);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await guestless[Symbol.asyncDispose]();
});

/** Creates a machine as a user whose home is /home/jo, and gives what it has then. */
async function sharedWith(name: string, flags: string): Promise<unknown> {
  const create = `tsmachine create ${guestless.flags.join(" ")} ${flags} ${name} >&2`;
  const script = `mount -t tmpfs none /home && mkdir /home/jo && HOME=/home/jo && ${create} && tsmachine share ls --json ${name}`;
  const { stdout, stderr, exitCode } = await store.shell(`exec unshare --mount sh -c "$SCRIPT"`, {
    environment: { SCRIPT: script },
  });
  if (exitCode !== 0) throw new Error(`create ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout);
}

test("a user's home is shared where it is, unless told otherwise (skipped where nothing may be mounted)", async ({
  skip,
}) => {
  skip(!(await mayMount()), "nothing may be mounted");
  const home = { path: "/home/jo", mountPoint: "/home/jo", isReadOnly: false };
  const byVirtiofs = `--kvm-virtiofsd '${virtiofsd}'`;
  expect(await sharedWith("told", byVirtiofs)).toEqual([home]);
  expect(await sharedWith("none", `${byVirtiofs} --no-share`)).toEqual([]);
  const other = { ...home, mountPoint: "/work" };
  const asked = await sharedWith("asked", `${byVirtiofs} --share /home/jo:/work`);
  expect(asked).toEqual([other]);
  await store.tsmachine("rm", "-y", "told", "none", "asked");
  expect(await processesIn(store.path)).toEqual([]);
});
