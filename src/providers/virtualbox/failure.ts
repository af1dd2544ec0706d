import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { diagnose } from "./preflight/remedies.ts";

/** Codes of VirtualBox.xidl and of COM that somebody decides by. */
export const codes = {
  notFound: "0x80bb0001",
  fileError: "0x80bb0004",
  invalidState: "0x80bb0007",
  invalidVmState: "0x80bb0002",
  inUse: "0x80bb000c",
  accessDenied: "0x80070005",
  invalidArgument: "0x80070057",
} as const;

export interface Failure {
  /** In one line, in VirtualBox's own words. */
  readonly message: string;
  /** COM's, as "0x80bb0001"; undefined where VBoxManage or the web service found the fault itself. */
  readonly code: string | undefined;
}

/** Windows and macOS say the same of the same fault in other words, and so do versions. */
const transient =
  /the object is not ready|failed to get a console object|failed to create the virtualbox object|rpc server is unavailable|the object has disconnected/i;

/** Whether the same call may go well a moment later: while a machine is going down, for one. */
export function isTransient({ message }: Pick<Failure, "message">): boolean {
  return transient.test(message);
}

/** VirtualBox goes on unlocking a machine when the command that has changed it is over. */
export function isBeingUnlocked({ message }: Pick<Failure, "message">): boolean {
  return /is already locked (by|for) a session/i.test(message);
}

/** @param call what was asked of VirtualBox, for `--debug`: the words of a command, or a method's name. */
export function virtualBoxFailed(
  { message, code }: Failure,
  call: readonly string[],
): TsmachineError {
  const context = { args: call.join(" "), ...(code !== undefined && { code }) };
  if (code === codes.invalidState) {
    return new TsmachineError("INSTANCE_LOCKED", `VirtualBox refuses: ${message}`, {
      hints: [
        "close the machine's window and settings in VirtualBox, and wait until its other commands have ended; then try again",
      ],
      context,
    });
  }
  return new TsmachineError("VIRTUALBOX_FAILED", `VirtualBox refuses: ${message}`, {
    hints: [
      diagnose(message)?.hint ??
        "see whether `VBoxManage list vms` works; `tsmachine doctor` checks VirtualBox",
    ],
    context,
  });
}

/** Whether VirtualBox itself said so, with this code of COM's. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof TsmachineError && error.context?.code === code;
}
