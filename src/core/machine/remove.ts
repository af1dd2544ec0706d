import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type Context, operationFor } from "../context.ts";
import { withdrawDockerContext } from "../docker-contexts/docker-contexts.ts";
import type { Step } from "../progress.ts";
import { openMachine } from "./open-machine.ts";
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
 * @throws TsmachineError MACHINE_NOT_FOUND, RECORD_FOREIGN; without force, those of Instance.remove too; the signal's
 *   reason when aborted, which no force overrides.
 */
export async function removeMachine(
  context: Context,
  name: string,
  { force }: RemoveOptions,
): Promise<void> {
  const { store, progress } = context;
  await withMachineLock(context, name, () =>
    progress.step(`Removing machine "${name}"`, async (step) => {
      try {
        const { record, instance } = await openMachine(context, name);
        await store.writeMachine({ ...record, phase: "removing" });
        await instance.remove(operationFor(context, step));
      } catch (error) {
        context.signal.throwIfAborted();
        if (isNoneOfOurs(error) || !force) throw error;
        context.warn(`${name}: ${error instanceof Error ? error.message : String(error)}`);
        await abandonInstance(context, name, step);
      }
      await withdrawDockerContext(context, name);
      await store.removeMachine(name);
    }),
  );
}

/** docker-machine's machines run without tsmachine knowing how; without their folder nobody would. */
function isNoneOfOurs(error: unknown): boolean {
  const codes: readonly string[] = ["MACHINE_NOT_FOUND", "RECORD_FOREIGN"];
  return error instanceof TsmachineError && codes.includes(error.code);
}

/** Nothing may go on running from a folder that is deleted: no command would find it again. */
async function abandonInstance(context: Context, name: string, step: Step): Promise<void> {
  const { directory } = context.store.machineLayout(name);
  for (const provider of await context.providers()) {
    await provider.abandon(directory, operationFor(context, step));
  }
}

/** Removes the instance and the record. The caller holds the machine's lock. */
export async function discardMachine(context: Context, name: string): Promise<void> {
  const { instance } = await openMachine(context, name);
  await instance.remove(operationFor(context));
  await withdrawDockerContext(context, name);
  await context.store.removeMachine(name);
}
