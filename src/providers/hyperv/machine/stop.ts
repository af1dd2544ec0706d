import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { poll } from "../../../host/poll.ts";
import { ask, type Tools } from "../powershell/ask.ts";
import { type HyperVMachine, keyOf } from "../record.ts";
import { lookAtMachine } from "../scripts/look.ts";
import { powerOffMachine, saveMachine, shutDownMachine } from "../scripts/stop.ts";
import { powerOfState } from "./power.ts";

type Named = Pick<HyperVMachine, "id" | "tag" | "name">;

/**
 * Asks the guest to shut down and returns. A guest without Hyper-V's shutdown component, such as one
 * that boots, does not hear it: whoever waits powers it off in the end.
 */
export async function shutDownInstance(machine: Named, tools: Tools): Promise<void> {
  await ask(shutDownMachine, { machine: keyOf(machine) }, tools);
}

/** Ends the instance, and throws its saved state away; it is off on return. */
export async function powerOffInstance(machine: Named, tools: Tools): Promise<void> {
  await poll(
    async () => {
      await unlessOnTheWay(() => ask(powerOffMachine, { machine: keyOf(machine) }, tools));
      const { machine: view } = await ask(lookAtMachine, { machine: keyOf(machine) }, tools);
      return view === null || powerOfState(view.state) === "stopped" ? true : undefined;
    },
    {
      waitingFor: `the end of machine "${machine.name}" in Hyper-V`,
      ...{ everyMs: 1000, timeoutMs: 120_000, signal: tools.signal },
    },
  );
}

/** Hyper-V turns nothing off that is on the way to another state: it is told again a moment later. */
async function unlessOnTheWay(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof TsmachineError) || error.code !== "INSTANCE_LOCKED") throw error;
  }
}

/** @throws TsmachineError MACHINE_NOT_RUNNING */
export async function saveInstance(machine: Named, tools: Tools): Promise<void> {
  const { outcome } = await ask(saveMachine, { machine: keyOf(machine) }, tools);
  if (outcome === "done") return;
  throw new TsmachineError("MACHINE_NOT_RUNNING", `machine "${machine.name}" does not run`, {
    hints: [`start it with \`tsmachine start ${machine.name}\``],
  });
}
