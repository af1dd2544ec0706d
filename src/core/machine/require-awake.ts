import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { PowerState } from "../../providers/provider.ts";

/**
 * For what reaches a machine while it runs, or at its next boot: one that is suspended or paused does neither.
 * @throws TsmachineError MACHINE_NOT_RUNNING
 */
export function requireAwake(name: string, power: PowerState): void {
  if (power !== "suspended" && power !== "paused") return;
  throw new TsmachineError("MACHINE_NOT_RUNNING", `machine "${name}" is ${power}`, {
    hints: [`let it go on with \`tsmachine start ${name}\` first`],
    context: { name, power },
  });
}
