// What VBoxManage says when something fails: src/VBox/Main/glue/errorprint.cpp of VirtualBox.
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { diagnose } from "../preflight/remedies.ts";

/** Codes of VirtualBox.xidl and of COM that somebody decides by. */
export const codes = {
  notFound: "0x80bb0001",
  fileError: "0x80bb0004",
  invalidState: "0x80bb0007",
  inUse: "0x80bb000c",
  accessDenied: "0x80070005",
} as const;

export interface Failure {
  /** In one line, without the program's name. */
  readonly message: string;
  /** COM's, as "0x80bb0001"; undefined where VBoxManage found the fault by itself. */
  readonly code: string | undefined;
}

/**
 * The failure that the lines on stderr tell of; undefined when they tell of none. The exit status is
 * no guide: some commands end with 0 all the same.
 */
export function parseFailure(stderr: string): Failure | undefined {
  const lines = stderr
    .split(/\r?\n/)
    .flatMap((line) => /^VBoxManage(?:\.exe)?: error: (.*)$/.exec(line)?.[1]?.trim() ?? []);
  if (lines.length === 0) return undefined;
  const words = lines.filter((line) => !/^(Details: code|Context:) /.test(line));
  return {
    message: words.join("; "),
    code: codeIn(lines),
  };
}

/** Of a line such as "Details: code VBOX_E_FILE_ERROR (0x80bb0004), component …". */
function codeIn(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const [, code] = /\bcode [A-Z_0-9]+ \((0x[0-9a-f]{8})\)/i.exec(line) ?? [];
    if (code !== undefined) return code.toLowerCase();
  }
  return undefined;
}

/** Windows and macOS say the same of the same fault in other words, and so do versions. */
const transient =
  /the object is not ready|failed to get a console object|failed to create the virtualbox object|rpc server is unavailable|the object has disconnected/i;

/** Whether the same call may go well a moment later: while a machine is going down, for one. */
export function isTransient({ message }: Failure): boolean {
  return transient.test(message);
}

export function virtualBoxFailed(
  { message, code }: Failure,
  args: readonly string[],
): TsmachineError {
  const context = { args: args.join(" "), ...(code !== undefined && { code }) };
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
