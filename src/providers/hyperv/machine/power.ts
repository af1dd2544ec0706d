import { stat } from "node:fs/promises";
import { unlessMissing } from "../../../host/files/files.ts";
import type { PowerState } from "../../provider.ts";
import { ask, type Tools } from "../powershell/ask.ts";
import { type HyperVMachine, keyOf, pathOf } from "../record.ts";
import { lookAtMachine } from "../scripts/look.ts";

/** What the instance does now, by Hyper-V and by what is left of its files. */
export async function powerOf(machine: HyperVMachine, tools: Tools): Promise<PowerState> {
  const { machine: view } = await ask(lookAtMachine, { machine: keyOf(machine) }, tools);
  if (view === null) return "absent";
  const power = powerOfState(view.state);
  return power === "stopped" && !(await hasDataDisk(machine)) ? "absent" : power;
}

async function hasDataDisk(machine: HyperVMachine): Promise<boolean> {
  return (await unlessMissing(stat(pathOf(machine, "dataDisk")))) !== undefined;
}

/** Names of the enumeration VMState; those in "Critical" have lost their storage. */
export function powerOfState(state: string): PowerState {
  switch (state.replace(/Critical$/, "")) {
    case "Off":
      return "stopped";
    case "Running":
      return "running";
    case "Starting":
    case "Resuming":
    case "Reset":
      return "starting";
    case "Stopping":
    case "Saving":
    case "FastSaving":
    case "Pausing":
    case "ForceShutdown":
    case "ForceReboot":
      return "stopping";
    case "Paused":
      return "paused";
    case "Saved":
    case "FastSaved":
    case "Hibernated":
      return "suspended";
    default:
      return "unknown";
  }
}
