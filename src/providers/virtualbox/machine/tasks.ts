import type { MachineState } from "../control.ts";

/** What VirtualBox is doing to a machine in a state that passes when it is done; undefined in all others. */
export function taskOf(state: MachineState): string | undefined {
  switch (state) {
    case "snapshotting":
    case "onlinesnapshotting":
    case "livesnapshotting":
      return "is taking a snapshot of";
    case "restoringsnapshot":
      return "is restoring a snapshot of";
    case "deletingsnapshot":
    case "deletingsnapshotlive":
    case "deletingsnapshotlivepaused":
      return "is deleting a snapshot of";
    case "settingup":
      return "is setting up";
    default:
      return undefined;
  }
}
