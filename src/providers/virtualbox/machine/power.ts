import { stat } from "node:fs/promises";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { unlessMissing } from "../../../host/files/files.ts";
import { poll } from "../../../host/poll.ts";
import type { PowerState } from "../../provider.ts";
import type { MachineState, MachineView } from "../control.ts";
import { memoryMs } from "../patience.ts";
import type { NamedMachine, VirtualBoxMachine } from "../record.ts";
import { findMachine, findSettingsFile } from "./find.ts";
import { ports } from "./media.ts";
import { isInPlace, isOfAnotherStore } from "./own.ts";
import { taskOf } from "./tasks.ts";
import type { Tools } from "./tools.ts";
import { findPreviousSettings } from "./unreadable.ts";

/** What the instance does now, by VirtualBox and by what is left of its files. */
export async function powerOf(machine: VirtualBoxMachine, tools: Tools): Promise<PowerState> {
  const view = await findMachine(machine, tools);
  const power = view === undefined ? "unknown" : powerOfState(view.state);
  if (view !== undefined && isInPlace(machine, view)) {
    return power === "stopped" && !(await hasDisk(view)) ? "absent" : power;
  }
  const isAnothers = view !== undefined && (await isOfAnotherStore(machine, view));
  if (power !== "stopped" && power !== "unknown" && !isAnothers) return power;
  // Its folder may have been moved: what is still whole there is registered again by a start.
  if ((await findSettingsFile(machine)) !== undefined) return "stopped";
  // One whose settings are damaged can be mended: a start says how.
  return (await findPreviousSettings(machine)) === undefined ? "absent" : "stopped";
}

/** Whether the file of the data disk is there, or that of its newest snapshot. */
export async function hasDisk({ media }: MachineView): Promise<boolean> {
  const path = media.get(ports.dataDisk);
  return path !== undefined && (await unlessMissing(stat(path))) !== undefined;
}

/** Whether its memory is on disk, also after a failed attempt to let it go on. */
export function isSaved({ state }: MachineView): boolean {
  return state === "saved" || state === "aborted-saved";
}

/** MachineState of VirtualBox.xidl, in VBoxManage's words. */
export function powerOfState(state: MachineState): PowerState {
  switch (state) {
    case "poweroff":
    case "aborted":
    case "teleported":
    // Those of running machines are others.
    case "snapshotting":
    case "restoringsnapshot":
    case "deletingsnapshot":
    case "settingup":
      return "stopped";
    // The virtual processor cannot go on; VirtualBox keeps the machine for whoever wants to look at it.
    case "gurumeditation":
      return "crashed";
    case "running":
    case "livesnapshotting":
    case "onlinesnapshotting":
    case "deletingsnapshotlive":
      return "running";
    case "starting":
    case "restoring":
      return "starting";
    case "stopping":
    case "saving":
      return "stopping";
    case "paused":
    case "deletingsnapshotlivepaused":
      return "paused";
    case "saved":
    case "aborted-saved":
      return "suspended";
    default:
      return "unknown";
  }
}

/**
 * Waits while VirtualBox is on the way to another state; gives back the one it has come to.
 * @throws TsmachineError INSTANCE_LOCKED when VirtualBox is still at work on a snapshot; TIMEOUT
 */
export async function settledState(
  machine: NamedMachine,
  tools: Tools,
): Promise<MachineView | undefined> {
  const { world, signal } = tools;
  let last: MachineView | undefined;
  const until = (isReached: (view: MachineView) => boolean, limitMs: number) =>
    poll(
      async () => {
        last = await findMachine(machine, tools);
        return last === undefined || isReached(last) ? true : undefined;
      },
      {
        waitingFor: `machine "${machine.name}" to settle in VirtualBox`,
        ...{ everyMs: 200, timeoutMs: limitMs * world.patience, signal },
      },
    );
  try {
    await until((view) => isSettled(view) || isMovingMemory(view), 120_000);
    if (last === undefined || isSettled(last)) return last;
    await until((view) => !isMovingMemory(view), memoryMs);
    return await settledState(machine, tools);
  } catch (error) {
    const task = last && taskOf(last.state);
    const isLate = error instanceof TsmachineError && error.code === "TIMEOUT";
    throw isLate && task !== undefined ? atWork(machine, task) : error;
  }
}

function isSettled({ state }: MachineView): boolean {
  return taskOf(state) === undefined && !["starting", "stopping"].includes(powerOfState(state));
}

/** Between the host's memory and its disk. */
function isMovingMemory({ state }: MachineView): boolean {
  return state === "saving" || state === "restoring";
}

function atWork({ uuid, name }: NamedMachine, task: string): TsmachineError {
  return new TsmachineError("INSTANCE_LOCKED", `VirtualBox ${task} machine "${name}"`, {
    hints: [
      `wait until it is done, which takes hours where much was written since then, and try again; \`VBoxManage showvminfo ${uuid}\` shows the state`,
    ],
  });
}
