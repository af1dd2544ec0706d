import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMachine } from "../../src/core/machine/power.ts";
import { poll } from "../../src/host/poll.ts";
import { sleep } from "../../src/host/sleep.ts";
import { coreInProcess } from "../support/machines/core-in-process.ts";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";
import { processesIn } from "../support/machines/tsmachine-processes.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine();
});
afterAll(() => machine[Symbol.asyncDispose]());

const limitMs = 30_000;
/** How far the guest's clock may be ahead of this host's: it tells whole seconds, and asking takes time. */
async function skewSeconds(): Promise<{ least: number; most: number }> {
  const before = Date.now() / 1000;
  const guest = Number(await machine.guest("date +%s"));
  return { least: guest - Date.now() / 1000, most: guest + 1 - before };
}

const isRight = async () => {
  const { least, most } = await skewSeconds();
  return most > -2 && least < 2;
};

/** Throws when the clock is not right in time. */
const untilRight = () =>
  poll(async () => ((await isRight()) ? true : undefined), {
    waitingFor: "the guest's clock to be right",
    ...{ everyMs: 500, timeoutMs: limitMs, signal: AbortSignal.timeout(2 * limitMs) },
  });

describe("the guest's clock", () => {
  test("is right at first", async () => {
    expect(await isRight()).toBe(true);
  });

  test.each(["-", "+"])("is right again soon after it was set by %s1 hour", async (sign) => {
    // By the next command the clock may already be right again: `date` itself tells what it has set.
    const set = await machine.guest(`sudo date -u -s "@$(($(date +%s) ${sign} 3600))" +%s`);
    const offSeconds = Number(`${sign}3600`);
    expect(Math.abs(Number(set) - Date.now() / 1000 - offSeconds)).toBeLessThan(60);
    await untilRight();
  });

  test("is right again soon after the machine stood still", async () => {
    const [qemu] = await processesIn(machine.store.path);
    if (qemu === undefined) throw new Error("no QEMU runs");
    process.kill(qemu.pid, "SIGSTOP");
    try {
      // As long as it takes to be noticed; the clock of a machine that stands still does, too.
      await sleep(20_000, AbortSignal.timeout(60_000));
    } finally {
      process.kill(qemu.pid, "SIGCONT");
    }
    await untilRight();
    expect(await machine.guest("docker info --format '{{.ServerVersion}}'")).toMatch(/^\d/);
  });

  test("is right and stays so after `start`, where the hardware's stood still too", async () => {
    const { provider, run } = coreInProcess(machine.store, (all) => {
      const kvm = all.find(({ id }) => id === "kvm");
      if (kvm === undefined) throw new Error("there is no provider kvm");
      return { ...kvm, capabilities: { ...kvm.capabilities, clockStandsStill: true } };
    });
    expect(provider.id).toBe("kvm");
    await machine.guest('sudo sh -c "date -u -s @$(($(date +%s) - 3600)) && hwclock -u -w"');
    expect(await isRight()).toBe(false);
    await run((context) => startMachine(context, "default", { bootTimeoutMs: 60_000 }));
    expect(await isRight()).toBe(true);
    const hardware = await machine.guest("cat /sys/class/rtc/rtc0/since_epoch");
    expect(Math.abs(Number(hardware) - Date.now() / 1000)).toBeLessThan(5);
  });
});
