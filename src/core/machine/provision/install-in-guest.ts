import type { FileTree } from "../../../bytes/file-tree.ts";
import { messageOf } from "../../../errors/message-of.ts";
import { type Context, operationFor } from "../../context.ts";
import { engineRefused } from "../../engine/refused-options.ts";
import type { BootLimits } from "../boot.ts";
import type { OpenMachine } from "../open-machine.ts";
import { waitForMachine } from "../wait-for-machine.ts";
import { type Guest, openGuest } from "./guest.ts";

/** Milliseconds for putting the former files back after Ctrl-C. */
const undoTimeoutMs = 120_000;

/**
 * Puts files into a machine that runs, and waits until its engine answers with them. When the engine
 * does not come up, the former files are put back and the engine runs with those.
 * @throws TsmachineError ENGINE_FAILED with dockerd's words; TIMEOUT; those of openGuest.
 */
export async function installInGuest(
  context: Context,
  machine: OpenMachine,
  {
    files,
    title,
    bootTimeoutMs,
  }: BootLimits & { readonly files: FileTree; readonly title: string },
): Promise<void> {
  const { progress, signal } = context;
  const { record } = machine;
  await using guest = await openGuest(context, record);
  const outcome = await progress.step(title, () => guest.install(files, signal));
  if (outcome === "unchanged") return;
  if (outcome !== "changed") {
    throw engineRefused(record.name, {
      ...{ words: outcome.words, engine: record.engine },
      outcome: "; nothing was changed in the machine",
    });
  }
  const words = await tryOut(context, machine, { guest, bootTimeoutMs });
  if (words === undefined) return;
  const isBack = await restore(context, machine, { guest, bootTimeoutMs });
  throw engineRefused(record.name, {
    ...{ words, engine: record.engine },
    outcome: isBack ? "; it runs with its former settings again" : "",
  });
}

interface Waiting extends BootLimits {
  readonly guest: Guest;
}

/** Undefined when the engine answers and stays as it is; its last words when it does not. */
async function tryOut(
  context: Context,
  machine: OpenMachine,
  waiting: Waiting,
): Promise<string | undefined> {
  try {
    const words = await awaitEngine(context, machine, waiting);
    if (words === undefined) await waiting.guest.settle(context.signal);
    return words;
  } catch (error) {
    await restore(context, machine, waiting);
    throw error;
  }
}

/** Undefined when the engine answers; its last words when it has ended time after time. */
function awaitEngine(
  context: Context,
  machine: OpenMachine,
  { guest, bootTimeoutMs }: Waiting,
): Promise<string | undefined> {
  return context.progress.step("Checking connection to Docker", async (step) => {
    const settled = new AbortController();
    const signal = AbortSignal.any([context.signal, settled.signal]);
    const operation = { ...operationFor(context, step), signal };
    try {
      // The watch has the longer limit, so that it is the wait that expires.
      const watched = guest.watch({ timeoutMs: 2 * bootTimeoutMs, signal });
      const answered = waitForMachine(context, machine, { bootTimeoutMs, operation });
      return await Promise.race([answered.then(() => undefined), watched]);
    } finally {
      settled.abort();
    }
  });
}

/** Whether the engine runs with its former settings again; it is a warning when it does not. */
async function restore(context: Context, machine: OpenMachine, waiting: Waiting): Promise<boolean> {
  const { name } = machine.record;
  try {
    await context.progress.step(`Putting the former settings of "${name}" back`, () =>
      waiting.guest.restore(
        context.signal.aborted ? AbortSignal.timeout(undoTimeoutMs) : context.signal,
      ),
    );
    // Who has pressed Ctrl-C does not wait for the engine.
    context.signal.throwIfAborted();
    const words = await awaitEngine(context, machine, waiting);
    await waiting.guest.settle(context.signal);
    if (words === undefined) return true;
    context.warn(
      `the engine of machine "${name}" does not start with its former settings: ${words}`,
    );
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = messageOf(error);
    context.warn(
      `the former settings of machine "${name}" are not back yet (${reason}); \`tsmachine restart ${name}\` brings them back`,
    );
  }
  return false;
}
