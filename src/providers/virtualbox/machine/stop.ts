import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { poll } from "../../../host/poll.ts";
import type { MachineView } from "../control.ts";
import { codes, hasCode } from "../failure.ts";
import type { NamedMachine } from "../record.ts";
import { findMachine } from "./find.ts";
import { isSaved, powerOfState, settledState } from "./power.ts";
import type { Tools } from "./tools.ts";

/** Presses the power button and returns. A paused guest goes on first, to notice it. */
export async function pressPowerButton(machine: NamedMachine, tools: Tools): Promise<void> {
  const { control } = tools;
  const view = await settledState(machine, tools);
  if (view === undefined) return;
  await unlessNotRunning(async () => {
    if (view.state === "paused") await control.resume(machine.uuid);
    if (view.state === "paused" || powerOfState(view.state) === "running") {
      await control.pressPowerButton(machine.uuid);
    }
  });
}

/** Ends the instance, and throws its saved state away; it is off on return. */
export async function powerOffInstance(machine: NamedMachine, tools: Tools): Promise<void> {
  const { control, world, signal } = tools;
  const view = await settledState(machine, tools);
  if (view === undefined || view.state === "inaccessible") return;
  if (isOff(view)) return;
  if (isSaved(view)) await control.discardState(machine.uuid);
  else await unlessNotRunning(() => control.powerOff(machine.uuid));
  await poll(
    async () => {
      const now = await findMachine(machine, tools);
      return now === undefined || isOff(now) ? true : undefined;
    },
    {
      waitingFor: `the end of machine "${machine.name}" in VirtualBox`,
      everyMs: 200,
      timeoutMs: 60_000 * world.patience,
      signal,
    },
  );
}

function isOff({ state }: MachineView): boolean {
  return powerOfState(state) === "stopped";
}

/** Whoever went down between the look and the command is where it should be. */
async function unlessNotRunning(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const isOff = error instanceof TsmachineError && /is not currently running/.test(error.message);
    if (!isOff && !hasCode(error, codes.invalidVmState)) throw error;
  }
}
