import type { ErrorCode } from "../../../errors/codes.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { ShellResult } from "./shell.ts";

/** What a script caught. The message is in the language of Windows, the rest is not. */
export interface Fault {
  readonly message: string;
  /** FullyQualifiedErrorId: "OutOfMemory,Microsoft.HyperV.PowerShell.Commands.StartVM". */
  readonly id: string;
  /** Name of the enumeration ErrorCategory. */
  readonly category: string;
}

interface Cause {
  /** Of the id, the category, or a code of Windows in the message. */
  readonly signs: RegExp;
  readonly code: ErrorCode;
  readonly problem: string;
  readonly hint: string;
}

/** Codes are HRESULTs of winerror.h. The first that fits is meant. */
const causes: readonly Cause[] = [
  {
    signs:
      /,Microsoft\.HyperV\.PowerShell\.Commands\.(StartVM|(Add|Set)VM(HardDisk|Dvd)Drive)\n.*0x80070005/s,
    code: "HYPERV_FAILED",
    problem: "Hyper-V may not read a file of the machine",
    hint: 'let it: `icacls FOLDER /grant "*S-1-5-83-0:(OI)(CI)RX" /T` for the folder that the message names; a store must be on a disk of this host',
  },
  {
    signs: /^AccessDenied,|^PermissionDenied$|0x80070005/m,
    code: "PERMISSION_DENIED",
    problem: "this user may not do that in Hyper-V",
    hint: "run the command in a shell that is elevated; or run `tsmachine doctor`, which tells how to do without",
  },
  {
    signs: /^OutOfMemory,|0x8007000E|0x800705AA/im,
    code: "HYPERV_FAILED",
    problem: "this host has too little free memory for the machine",
    hint: "close other programs, or create the machine with less: `--hyperv-memory 1024`",
  },
  {
    signs: /0x80070070|0x80070027/,
    code: "DISK_FULL",
    problem: "this host's disk is full",
    hint: "free space on the disk that holds the machine",
  },
  {
    signs: /0xC03A001A/i,
    code: "HYPERV_FAILED",
    problem: "Hyper-V takes no disk from a folder that is compressed or encrypted",
    hint: "use a store in a folder that is neither: `--storage-path PATH`",
  },
  {
    signs: /0x80070020|^InvalidState,|^ObjectInUse,/m,
    code: "INSTANCE_LOCKED",
    problem: "the machine or a file of it is in use",
    hint: "wait until its other commands have ended, and close its settings in Hyper-V Manager; then try again",
  },
  {
    signs: /^(CommandNotFoundException|CouldNotAutoLoadModule)/m,
    code: "PROVIDER_NOT_READY",
    problem: "Hyper-V's module for PowerShell is missing",
    hint: "run `tsmachine doctor`, which tells how to install it",
  },
  {
    signs: /^ObjectNotFound,Microsoft\.HyperV\.PowerShell\.Commands\.GetVM(Switch)?$/m,
    code: "PROVIDER_NOT_READY",
    problem: "Hyper-V's management service (vmms) does not answer",
    hint: "run `Set-Service vmms -StartupType Automatic; Start-Service vmms` in PowerShell as administrator; `tsmachine doctor` tells whether something else is missing",
  },
  {
    // Thrown by the scripts themselves, see hardware.ts.
    signs: /^SwitchMissing$/m,
    code: "HYPERV_FAILED",
    problem: "the machine's virtual switch is gone",
    hint: "make one of that name again in Hyper-V Manager, or connect the machine's network adapter to another there",
  },
];

export function hyperVFailed(
  script: string,
  { message, id, category }: Fault,
  machineName: string | undefined,
): TsmachineError {
  const words = message.replace(/\s+/g, " ").trim();
  const signs = [id, category, message].join("\n");
  const cause = causes.find((one) => one.signs.test(signs));
  const subject = machineName === undefined ? "" : `machine "${machineName}": `;
  const said = `${subject}${messageOf(cause, { words, id })}`;
  return new TsmachineError(cause?.code ?? "HYPERV_FAILED", said, {
    hints: [
      cause?.hint ?? "see whether `Get-VM` works in PowerShell; `tsmachine doctor` checks Hyper-V",
    ],
    context: { script, id, category },
  });
}

/** What the scripts throw themselves has no words of Hyper-V's. */
function messageOf(
  cause: Cause | undefined,
  { words, id }: { readonly words: string; readonly id: string },
): string {
  if (cause === undefined) return `Hyper-V refuses: ${words}`;
  return words === id ? cause.problem : `${cause.problem}: ${words}`;
}

export function isTimeout(error: unknown): error is TsmachineError {
  return error instanceof TsmachineError && error.code === "TIMEOUT";
}

/** Hyper-V's service hangs, or what it does takes longer than it should. */
export function tooSlow(
  { name, timeoutMs }: { readonly name: string; readonly timeoutMs: number },
  cause: TsmachineError,
): TsmachineError {
  const seconds = Math.round(timeoutMs / 1000);
  return new TsmachineError("TIMEOUT", `Hyper-V did not answer within ${seconds} s (${name})`, {
    hints: [
      "try again; if it hangs, run `Restart-Service vmms` in PowerShell as administrator, which machines survive",
    ],
    cause,
  });
}

/** PowerShell ended without a reply: it could not run the script at all. */
export function noAnswer(
  script: string,
  { stderr, stdout, exitCode }: ShellResult,
): TsmachineError {
  // PowerShell breaks long lines where the console would.
  const output = `${stderr}${stdout}`.replace(/\s+/g, "");
  const context = { script, stderr: stderr.slice(0, 4000) };
  if (output.includes("ConstrainedLanguage")) {
    return new TsmachineError(
      "PROVIDER_NOT_READY",
      "Windows PowerShell runs only signed scripts in full on this host (constrained language mode)",
      {
        hints: [
          "ask your administrator to let Windows PowerShell run in full language mode for you, or use `--driver virtualbox`",
        ],
        context,
      },
    );
  }
  return new TsmachineError(
    "HYPERV_FAILED",
    `Windows PowerShell ended with status ${exitCode} and gave no reply`,
    { hints: ["run `tsmachine doctor`; `--debug` shows what PowerShell said"], context },
  );
}
