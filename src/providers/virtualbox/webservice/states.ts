import type { MachineState } from "../control.ts";

/**
 * A MachineState of VirtualBox.xidl in VBoxManage's word for it: machineStateToName() of
 * src/VBox/Frontends/VBoxManage/VBoxManageInfo.cpp.
 */
export function stateWord(state: string): MachineState {
  return words[state] ?? state.toLowerCase();
}

/** Those that are not just the same in small letters. */
const words: Readonly<Record<string, MachineState>> = {
  PoweredOff: "poweroff",
  AbortedSaved: "aborted-saved",
  Stuck: "gurumeditation",
  DeletingSnapshotOnline: "deletingsnapshotlive",
  DeletingSnapshotPaused: "deletingsnapshotlivepaused",
};
