import type { Context } from "../../core/context.ts";
import { removeMachine } from "../../core/machine/remove.ts";
import { withMachineLock } from "../../core/machine/with-machine-lock.ts";
import { messageOf } from "../../errors/message-of.ts";

/** Also after an interrupt there is time for it. */
const disposalTimeoutMs = 60_000;

/**
 * Removes a cell's machine, or leaves it to the user. A cell whose machine was never made has none; what
 * cannot be removed is a warning, with what removes it.
 * @returns whether there is a machine that was kept
 */
export async function disposeMachine(
  context: Context,
  name: string,
  disposal: "keep" | "remove",
): Promise<boolean> {
  const unhurried = { ...context, signal: AbortSignal.timeout(disposalTimeoutMs) };
  try {
    if (!(await context.store.listMachineNames()).includes(name)) return false;
    if (disposal === "remove") {
      await removeMachine(unhurried, name, { force: true });
      return false;
    }
    await withMachineLock(unhurried, name, async () => {
      const { user: _, ...record } = await context.store.readMachine(name);
      await context.store.writeMachine(record);
    });
    return true;
  } catch (error) {
    context.warn(
      `machine "${name}" is left over (${messageOf(error)}); remove it with \`tsmachine rm -f ${name}\``,
    );
    return false;
  }
}
