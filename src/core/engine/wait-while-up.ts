import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { sleep } from "../../host/sleep.ts";
import type { Instance, Operation } from "../../providers/provider.ts";
import { isOff } from "../machine/is-off.ts";
import { causeIn, guestPrefix, isPanic, machineFailed } from "./machine-failed.ts";

/** A machine that comes up, and how long it may take. */
export interface Rise {
  readonly machine: string;
  readonly instance: Instance;
  /** From when it was switched on. */
  readonly timeoutMs: number;
  /** How much of that is over; nothing unless given. */
  readonly waitedMs?: number;
  readonly operation: Operation;
}

/** What is awaited of it. */
export interface Awaited<T> {
  /** Ends when it has come. */
  readonly come: (signal: AbortSignal) => Promise<T>;
  /** As in `machine "dev" failed before its engine answered`. */
  readonly event: string;
  /** As in `the engine of machine "dev" did not answer within 300 s`. */
  readonly lateness: string;
}

const lookEveryMs = 1_000;
/** How many times as long as a look took it is waited for the next: some hypervisors are slow to ask. */
const lookPause = 9;
/** As many as a kernel and a guest print until they are up, and a panic below its first line. */
const watchedLines = 400;

/**
 * Waits for something of a machine that comes up, and looks meanwhile whether the machine still does.
 * @throws TsmachineError ENGINE_FAILED when the engine ends again and again, with its last words as
 *   `context.words`; MACHINE_FAILED when the machine ends for another reason, with the cause from its
 *   console; TIMEOUT. All have the console as far as it was watched as `context.console`, and as
 *   `context.accelerator` what the machine ran on; those of one that ended its power as `context.power`. The signal's reason when aborted.
 */
export async function waitWhileUp<T>(rise: Rise, awaited: Awaited<T>): Promise<T> {
  const { operation, timeoutMs, waitedMs = 0 } = rise;
  const settled = new AbortController();
  const expired = AbortSignal.timeout(Math.max(1, Math.round(timeoutMs - waitedMs)));
  const signal = AbortSignal.any([operation.signal, settled.signal, expired]);
  try {
    return await Promise.race([awaited.come(signal), watchMachine(rise, awaited, signal)]);
  } catch (error) {
    operation.signal.throwIfAborted();
    if (expired.aborted) throw await lateError(rise, awaited.lateness);
    throw error;
  } finally {
    settled.abort();
  }
}

/** Ends only by throwing. */
async function watchMachine(
  { machine, instance, operation }: Rise,
  { event }: Pick<Awaited<unknown>, "event">,
  signal: AbortSignal,
): Promise<never> {
  let pauseMs = lookEveryMs;
  for (;;) {
    await sleep(pauseMs, signal);
    const begun = performance.now();
    const power = await instance.power({ ...operation, signal });
    // Read after the power, so that the last words of a machine that has ended are among them.
    const console = await instance.consoleTail(watchedLines);
    const hasEnded = power === "absent" || isOff(power);
    // A kernel that panics before it can tell the hypervisor restarts for ever.
    if (hasEnded || console.some(isPanic)) {
      const accelerator = await instance.accelerator?.();
      throw machineFailed(machine, { event, console, power, accelerator });
    }
    const latest = console.findLast((line) => line.startsWith(guestPrefix));
    if (latest !== undefined) operation.report(latest.slice(guestPrefix.length));
    pauseMs = Math.max(lookEveryMs, (performance.now() - begun) * lookPause);
  }
}

async function lateError({ machine, instance, timeoutMs }: Rise, lateness: string) {
  const console = await instance.consoleTail(watchedLines);
  return new TsmachineError(
    "TIMEOUT",
    `${lateness} within ${Math.round(timeoutMs / 1000)} s; ` +
      `its console ends with: ${causeIn(console)}`,
    {
      hints: [`give it longer: TSMACHINE_BOOT_TIMEOUT=${Math.round(timeoutMs / 500)}`],
      context: { machine, console, accelerator: await instance.accelerator?.() },
    },
  );
}
