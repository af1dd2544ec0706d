import { messageOf } from "../../errors/message-of.ts";
import { machineExists } from "../../store/machines.ts";
import type { Context } from "../context.ts";
import { abandonInstance, discardMachine } from "./remove.ts";

/** One whose creation or removal was interrupted may be replaced. @throws TsmachineError MACHINE_EXISTS */
export async function requireFreeName({ store }: Context, name: string): Promise<void> {
  const names = await store.listMachineNames();
  if (!names.includes(name) || (await store.readMachine(name)).phase !== "ready") return;
  throw machineExists(name);
}

/**
 * Removes what is left of another machine of this name: one that was interrupted, which might be worth
 * mending until the new one can be made, or what runs of one whose folder was deleted from outside.
 */
export async function makeRoom(context: Context, name: string): Promise<void> {
  const { store, progress } = context;
  if ((await store.listMachineNames()).includes(name)) {
    await progress.step(`Removing what an interrupted command left of "${name}"`, () =>
      discardMachine(context, name),
    );
  }
  await abandonInstance(context, name);
}

/** Milliseconds for undoing what an interrupted creation has begun. */
const undoTimeoutMs = 60_000;

/** Removes a machine that could not be made. Gives back the error to throw: the first one, also when this fails as well. */
export async function undoCreation(
  context: Context,
  name: string,
  error: unknown,
): Promise<unknown> {
  const unhurried = { ...context, signal: AbortSignal.timeout(undoTimeoutMs) };
  try {
    await context.progress.step(`Removing what was made of "${name}"`, () =>
      discardMachine(unhurried, name),
    );
  } catch (undoError) {
    const reason = messageOf(undoError);
    context.warn(
      `machine "${name}" could not be removed again (${reason}); remove it with \`tsmachine rm -f ${name}\``,
    );
  }
  return error;
}
