import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";

/**
 * For what keeps a machine as it is: one whose upgrade was interrupted may have either engine, and `start` finds out which.
 * @throws TsmachineError MACHINE_INCOMPLETE
 */
export function requireSettled({ name, upgrade }: MachineRecord): void {
  if (upgrade === undefined) return;
  throw new TsmachineError(
    "MACHINE_INCOMPLETE",
    `the upgrade of machine "${name}" was interrupted, and it may have either engine`,
    { hints: [`settle that with \`tsmachine start ${name}\` first`], context: { name } },
  );
}
