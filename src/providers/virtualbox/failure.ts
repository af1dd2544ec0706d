import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { diagnose } from "./preflight/remedies.ts";

/** Codes of VirtualBox.xidl and of COM that somebody decides by. */
export const codes = {
  notFound: "0x80bb0001",
  failure: "0x80004005",
  fileError: "0x80bb0004",
  iprtError: "0x80bb0005",
  xmlError: "0x80bb000a",
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

/** Before anything was done. Codes do not tell these apart: "not ready" has that of "inaccessible". */
const transient =
  /the object is not ready|failed to get a console object|failed to create the virtualbox object/i;

/** Whether the same call may go well a moment later: while a machine is going down, for one. */
export function isTransient({ message }: Pick<Failure, "message">): boolean {
  return transient.test(message);
}

/** VirtualBox goes on unlocking a machine when the command that has changed it is over. */
export function isBeingUnlocked(error: unknown): boolean {
  return hasCode(error, codes.invalidState);
}

/** Of XPCOM and COM, for a call whose server, VBoxSVC or the machine's process, has ended meanwhile. */
const lost: readonly (string | undefined)[] = [
  ...["0x80004004", "0x800706ba", "0x800706be", "0x80010007", "0x80010108"],
];

/** Whether nobody knows if what was asked was done. */
export function isLost(error: unknown): error is TsmachineError {
  return error instanceof TsmachineError && !isTransient(error) && isLostCode(error.context.code);
}

/** Whether VirtualBox itself has told the end of what was asked. A client that was killed has told none. */
export function hasAnswered(error: unknown): boolean {
  return error instanceof TsmachineError && error.context.code !== undefined && !isLost(error);
}

function isLostCode(code: unknown): boolean {
  return typeof code === "string" && lost.includes(code);
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
  if (isLostCode(code) && !isTransient({ message })) {
    return new TsmachineError(
      "VIRTUALBOX_FAILED",
      `VirtualBox ended before it answered: ${message}`,
      { hints: ["run the command again, which goes on from what is done by now"], context },
    );
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

/** Of a DVD image that VirtualBox does not list: missing or damaged. One that is in use it goes on listing. */
const leftAlone = [codes.notFound, codes.inUse, codes.fileError, codes.iprtError];

/** Whether taking a DVD image out of VirtualBox's list has come to nothing, as it should. */
export function isDvdLeftAlone(error: unknown): boolean {
  return leftAlone.some((code) => hasCode(error, code));
}
