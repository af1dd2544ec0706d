import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { sleep } from "../../host/sleep.ts";
import type { Instance, Operation } from "../../providers/provider.ts";
import { type EngineAddress, pingEngine } from "./ask-engine.ts";

export interface EngineWait {
  readonly machine: string;
  readonly instance: Instance;
  readonly address: EngineAddress;
  readonly timeoutMs: number;
  readonly operation: Operation;
}

const pingEveryMs = 200;
/** Of the time waited so far: an answer after minutes need not be noticed within a moment. */
const pingPause = 1 / 50;
const pingTimeoutMs = 4_000;
const pingsAtOnce = 8;
const lookEveryMs = 1_000;
/** How many times as long as a look took it is waited for the next: some hypervisors are slow to ask. */
const lookPause = 9;
/** As many as are shown to people. */
const consoleLines = 12;
/** As many as a panic prints below its first line, and some. */
const watchedLines = 200;

/**
 * Waits until the engine answers over TLS.
 *
 * Pings overlap: a forward accepts connections before anybody listens behind it, and such a
 * connection may hang for seconds after the engine has come up.
 * @throws TsmachineError ENGINE_FAILED when the engine ends again and again, with its last words as
 *   `context.words`; MACHINE_FAILED when the machine ends for another reason, with the cause from its
 *   console; TIMEOUT. All have the console's last lines as `context.console`. The signal's reason
 *   when aborted.
 */
export async function waitForEngine(wait: EngineWait): Promise<void> {
  const { operation, timeoutMs } = wait;
  const settled = new AbortController();
  const expired = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([operation.signal, settled.signal, expired]);
  try {
    await Promise.race([pingUntilAnswered(wait.address, signal), watchMachine(wait, signal)]);
  } catch (error) {
    operation.signal.throwIfAborted();
    if (expired.aborted) throw await engineTimeout(wait);
    throw error;
  } finally {
    settled.abort();
  }
}

async function pingUntilAnswered(address: EngineAddress, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = withResolvers();
  const begun = performance.now();
  let underway = 0;
  const ping = async () => {
    if (await pingEngine(address, { timeoutMs: pingTimeoutMs, signal })) resolve();
    underway -= 1;
  };
  const pingOnAndOn = async () => {
    for (;;) {
      await sleep(Math.max(pingEveryMs, (performance.now() - begun) * pingPause), signal);
      if (underway >= pingsAtOnce) continue;
      underway += 1;
      ping().catch(reject);
    }
  };
  pingOnAndOn().catch(reject);
  await promise;
}

/** Ends only by throwing. */
async function watchMachine({ machine, instance, operation }: EngineWait, signal: AbortSignal) {
  let pauseMs = lookEveryMs;
  for (;;) {
    await sleep(pauseMs, signal);
    const begun = performance.now();
    const power = await instance.power({ ...operation, signal });
    // Read after the power, so that the last words of a machine that has ended are among them.
    const console = await instance.consoleTail(watchedLines);
    const hasEnded = power === "stopped" || power === "absent";
    // A kernel that panics before it can tell the hypervisor restarts for ever.
    if (hasEnded || console.some(isPanic)) throw machineFailed(machine, console);
    const latest = console.findLast((line) => line.startsWith(guestPrefix));
    if (latest !== undefined) operation.report(latest.slice(guestPrefix.length));
    pauseMs = Math.max(lookEveryMs, (performance.now() - begun) * lookPause);
  }
}

const guestPrefix = "tsmachine: ";

/** The one line of the console that says why a machine ended: its guest's, the kernel's, or the last. */
export function causeIn(console: readonly string[]): string {
  const failed = console.findLast((line) => line.startsWith(`${guestPrefix}FAILED `));
  if (failed !== undefined) return failed.slice(`${guestPrefix}FAILED `.length);
  return console.find(isPanic) ?? console.at(-1) ?? "its console is empty";
}

function isPanic(line: string): boolean {
  return line.includes("Kernel panic - ");
}

/** Whether a machine has ended, or panicked, before its engine answered. */
export function isMachineFailed(error: unknown): boolean {
  return (
    isEngineFailed(error) || (error instanceof TsmachineError && error.code === "MACHINE_FAILED")
  );
}

/** Whether a machine has ended because its engine did, again and again. */
export function isEngineFailed(error: unknown): error is TsmachineError {
  return error instanceof TsmachineError && error.code === "ENGINE_FAILED";
}

/** dockerd's last words, from the error for an engine that does not start. */
export function engineWordsOf(error: unknown): string | undefined {
  return isEngineFailed(error) ? String(error.context.words) : undefined;
}

/** How the guest begins to say that its engine ends again and again. */
const enginePrefix = "engine: ";

function machineFailed(machine: string, console: readonly string[]): TsmachineError {
  const cause = causeIn(console);
  if (cause.startsWith(enginePrefix)) {
    const words = cause.slice(enginePrefix.length);
    return new TsmachineError(
      "ENGINE_FAILED",
      `the engine of machine "${machine}" does not start: ${words}`,
      {
        hints: ["mend what it names, then run the command again"],
        context: { machine, words, console: console.slice(-consoleLines) },
      },
    );
  }
  return new TsmachineError(
    "MACHINE_FAILED",
    `machine "${machine}" failed before its engine answered: ${cause}`,
    {
      hints: ["mend what its console names, then run the command again"],
      context: { machine, console: console.slice(-consoleLines) },
    },
  );
}

async function engineTimeout({ machine, instance, timeoutMs }: EngineWait) {
  const console = await instance.consoleTail(consoleLines);
  return new TsmachineError(
    "TIMEOUT",
    `the engine of machine "${machine}" did not answer within ${Math.round(timeoutMs / 1000)} s; ` +
      `its console ends with: ${causeIn(console)}`,
    {
      hints: [`give it longer: TSMACHINE_BOOT_TIMEOUT=${Math.round(timeoutMs / 500)}`],
      context: { machine, console },
    },
  );
}

/** Promise.withResolvers, which Node has from version 22 on. */
function withResolvers() {
  let resolve = (): void => {};
  let reject = (_reason: unknown): void => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
