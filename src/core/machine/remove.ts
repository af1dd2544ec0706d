import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { endAgent } from "../agent/end-agent.ts";
import { type Context, operationFor } from "../context.ts";
import { withdrawDockerContext } from "../docker-contexts/docker-contexts.ts";
import type { Step } from "../progress.ts";
import { removingAt } from "./journal.ts";
import { type OpenMachine, openMachine } from "./open-machine.ts";
import { isOwned } from "./require-owned.ts";
import { withMachineLock } from "./with-machine-lock.ts";

export interface RemoveOptions {
  /**
   * Removes the record even when it is damaged or the instance cannot be removed; not while something
   * of it runs that cannot be ended.
   */
  readonly force: boolean;
}

/**
 * Removes the machine with its disk. Its record says "removing" until the instance is gone, so that
 * an interrupted removal can be repeated.
 * @throws TsmachineError MACHINE_NOT_FOUND, RECORD_FOREIGN, MACHINE_PROTECTED; without force, those of Instance.remove too; the signal's
 *   reason when aborted, which no force overrides.
 */
export async function removeMachine(
  context: Context,
  name: string,
  options: RemoveOptions,
): Promise<void> {
  await withMachineLock(context, name, async () => {
    await requireUnprotected(context, name);
    await removeLocked(context, name, options);
  });
}

/** No force overrides it: scripts give that by habit. @throws TsmachineError MACHINE_PROTECTED */
async function requireUnprotected({ store }: Context, name: string): Promise<void> {
  if (!(await store.isProtected(name))) return;
  throw new TsmachineError("MACHINE_PROTECTED", `machine "${name}" is protected`, {
    hints: [`take that away with \`tsmachine set ${name} --no-protect\``],
    context: { name },
  });
}

/** The same for a caller who holds the machine's lock. */
export async function removeLocked(
  context: Context,
  name: string,
  { force }: RemoveOptions,
): Promise<void> {
  await context.progress.step(`Removing machine "${name}"`, async (step) => {
    try {
      const machine = await openMachine(context, name);
      await removeInstance(context, machine, step);
      // What an adopted host's folder may hold of another machine is nothing that its provider ends.
      if (force && !(await isOwned(context, machine.record))) {
        await abandonInstance(context, name, step);
      }
    } catch (error) {
      context.signal.throwIfAborted();
      if (isNoneOfOurs(error) || !force) throw error;
      context.warn(`${name}: ${messageOf(error)}`);
      await abandonInstance(context, name, step);
    }
    await forgetMachine(context, name);
  });
}

/** docker-machine's machines run without tsmachine knowing how; without their folder nobody would. */
function isNoneOfOurs(error: unknown): boolean {
  const codes: readonly string[] = ["MACHINE_NOT_FOUND", "RECORD_FOREIGN"];
  return error instanceof TsmachineError && codes.includes(error.code);
}

/**
 * Ends what any provider runs in the machine's folder, also when that is gone: whoever deletes the
 * folder or gives it to another machine would have it run on, and no command would find it again.
 * @throws TsmachineError when something runs and cannot be ended
 */
export async function abandonInstance(context: Context, name: string, step?: Step): Promise<void> {
  const { directory } = context.store.machineLayout(name);
  for (const provider of await context.providers()) {
    await provider.abandon(directory, operationFor(context, step));
  }
}

/**
 * Ends and removes what goes on of a machine whose folder was deleted from outside, or whose removal
 * was killed: what runs in the folder, and its docker context. A machine that is there is left alone.
 * @throws TsmachineError when something runs and cannot be ended; LOCK_TIMEOUT, NAME_INVALID
 */
export async function removeTraces(context: Context, name: string): Promise<void> {
  await withMachineLock(context, name, async () => {
    if ((await context.store.listMachineNames()).includes(name)) return;
    await abandonInstance(context, name);
    await withdrawDockerContext(context, name);
  });
}

/** Removes the instance and the record. The caller holds the machine's lock. */
export async function discardMachine(context: Context, name: string): Promise<void> {
  const { instance } = await openMachine(context, name);
  await instance.remove(operationFor(context));
  await forgetMachine(context, name);
}

async function removeInstance(
  context: Context,
  { record, instance }: OpenMachine,
  step: Step,
): Promise<void> {
  await context.store.writeMachine(removingAt(record, "instance"));
  await instance.remove(operationFor(context, step));
  await context.store.writeMachine(removingAt(record, "docker context"));
}

/** The folder goes last: as long as it is there, the machine can be removed once more. */
async function forgetMachine(context: Context, name: string): Promise<void> {
  await endAgent(context, name);
  await withdrawDockerContext(context, name);
  await context.store.removeMachine(name);
}
