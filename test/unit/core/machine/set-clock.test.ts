import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { endpointOf } from "../../../../src/core/machine/open-machine.ts";
import { startMachine } from "../../../../src/core/machine/power.ts";
import { suspendMachine } from "../../../../src/core/machine/suspend.ts";
import { startSshServer } from "../../../support/network/ssh-server.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 60_000 });
afterEach(() => {
  vi.unstubAllEnvs();
});

const limits = { bootTimeoutMs: 20_000 };

/** A machine that runs, whose guest is this host with a `date` and a `hwclock` that only note what they are told. */
async function machineWhoseClock(
  manner: { readonly clockStandsStill: boolean },
  hwclock = 'echo "hwclock $*" >>"$CALLS"',
) {
  const world = await coreWorld({ provider: createFakeProvider({ capabilities: manner }) });
  const { context } = world;
  const record = await runningMachine(world);
  const { sshHostKey = "", sshPublicKey = "" } = await context.store.readMachineFiles("dev");
  const { sshPort = 0 } = endpointOf(record);
  await startSshServer({ hostKeys: [sshHostKey], authorizedKey: sshPublicKey, port: sshPort });
  const folder = await temporaryDirectory();
  const calls = join(folder, "calls");
  await writeFile(calls, "");
  const programs = {
    sudo: 'shift; exec "$@"',
    date: 'echo "date $*" >>"$CALLS"',
    hwclock,
  };
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\nCALLS='${calls}'\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  vi.stubEnv("PATH", [folder, process.env.PATH].join(delimiter));
  const told = async () => (await readFile(calls, "utf8")).split("\n").filter(Boolean);
  return { ...world, told };
}

/** Both clocks were set, by that of core; `days` from now. */
async function expectSet(told: readonly string[], days: number): Promise<void> {
  const [date = "", hwclock, ...more] = told;
  expect([hwclock, ...more]).toEqual(["hwclock -u -w"]);
  const seconds = Number(/^date -u -s @(\d+)$/.exec(date)?.[1]);
  expect(Math.abs(seconds - Date.now() / 1000 - days * 24 * 3600)).toBeLessThan(30);
}

test("a guest that goes on is told the time, where its hardware's stood still", async () => {
  const { context, told, setClock, warnings } = await machineWhoseClock({ clockStandsStill: true });
  await suspendMachine(context, "dev");
  setClock(3);
  await startMachine(context, "dev", limits);
  await expectSet(await told(), 3);
  expect(warnings).toEqual([]);
});

test("a guest that runs is told it by `start`, as its host may have slept", async () => {
  const { context, told } = await machineWhoseClock({ clockStandsStill: true });
  expect(await startMachine(context, "dev", limits)).toBe("unchanged");
  await expectSet(await told(), 0);
});

test("a guest that boots has read it from its hardware", async () => {
  const { context, told, provider } = await machineWhoseClock({ clockStandsStill: true });
  await provider.setPower("dev", "stopped");
  await startMachine(context, "dev", limits);
  expect(await told()).toEqual([]);
});

test("a guest whose hardware goes on with this host is not told", async () => {
  const { context, told } = await machineWhoseClock({ clockStandsStill: false });
  await suspendMachine(context, "dev");
  await startMachine(context, "dev", limits);
  expect(await told()).toEqual([]);
});

test("a guest that cannot be told goes on, with a warning", async () => {
  const { context, warnings } = await machineWhoseClock(
    { clockStandsStill: true },
    "echo 'cannot open /dev/rtc0' >&2; exit 1",
  );
  await suspendMachine(context, "dev");
  expect(await startMachine(context, "dev", limits)).toBe("changed");
  expect(warnings).toEqual([
    'the clock of machine "dev" could not be set, and may be that of when it stood still: cannot open /dev/rtc0; `tsmachine restart dev` sets it',
  ]);
});
