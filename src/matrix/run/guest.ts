import type { Context } from "../../core/context.ts";
import { sshAccessOf } from "../../core/machine/ssh-access.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { copyTree } from "../../ssh/copy/copy-tree.ts";
import { localFiles } from "../../ssh/copy/local-files.ts";
import { openSession, type Session } from "../../ssh/session.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Workload } from "../definition/matrix.ts";

const loginTimeoutMs = 60_000;
const questionTimeoutMs = 60_000;
const copyTimeoutMs = 10 * 60_000;

/** @throws TsmachineError of openSession and sshAccessOf */
export function openGuest(context: Context, record: MachineRecord): Promise<Session> {
  return openSession({
    ...sshAccessOf(record),
    privateKeyPath: context.store.machineLayout(record.name).sshKey,
    ...{ timeoutMs: loginTimeoutMs, signal: context.signal },
  });
}

/** What `uname -r` prints. */
export async function readKernelRelease(guest: Session, signal: AbortSignal): Promise<string> {
  const { stdout } = await guest.run("uname -r", { timeoutMs: questionTimeoutMs, signal });
  return stdout.trim();
}

/** By what a kernel and an engine that were started again are told from those before. */
export interface Identity {
  /** Another after each start of the kernel; undefined where nobody has said it. */
  readonly bootId: string | undefined;
  /** Another after each start of the engine; empty when none runs, undefined where nobody has said it. */
  readonly engineStart: string | undefined;
}

export async function readIdentity(guest: Session, signal: AbortSignal): Promise<Identity> {
  return {
    bootId: await readBootId(guest, signal),
    engineStart: await readEngineStart(guest, signal),
  };
}

async function readBootId(guest: Session, signal: AbortSignal): Promise<string | undefined> {
  const command = "cat /proc/sys/kernel/random/boot_id";
  const { stdout, exitCode } = await guest.run(command, { timeoutMs: questionTimeoutMs, signal });
  return exitCode === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
}

/**
 * The start of the process whose number is in the file that templates/guest/root/usr/lib/tsmachine/dockerd names: engines
 * in containers have files of their own.
 */
async function readEngineStart(guest: Session, signal: AbortSignal): Promise<string> {
  // The 22nd field of proc_pid_stat(5), the second of which is in parentheses.
  const start = `awk '{ sub(/^.*\\) /, ""); print $20 }'`;
  const command = `${start} "/proc/$(cat '/run/docker daemon.pid')/stat"`;
  const { stdout, exitCode } = await guest.run(command, { timeoutMs: questionTimeoutMs, signal });
  return exitCode === 0 ? stdout.trim() : "";
}

/**
 * All that the kernel has said so far, as far as its buffer reaches.
 * @throws TsmachineError PROGRAM_FAILED: no messages are not a kernel without complaints
 */
export async function readKernelMessages(guest: Session, signal: AbortSignal): Promise<string> {
  const limits = { timeoutMs: questionTimeoutMs, signal };
  const { stdout, stderr, exitCode } = await guest.run("sudo -n dmesg", limits);
  if (exitCode === 0) return stdout;
  throw new TsmachineError(
    "PROGRAM_FAILED",
    `dmesg ended with status ${exitCode}: ${stderr.trim()}`,
  );
}

export interface GuestCopy {
  /** The machine's name in messages. */
  readonly machine: string;
  /** Milliseconds for all of them; 10 minutes unless given. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Copies files and folders into the guest. The session is of no use any more after a failure: where time is over or the
 * signal is aborted it is closed, because requests for files cannot be taken back.
 * @throws TsmachineError COPY_FAILED for what the definition has wrong, SSH_CONNECTION_LOST, TIMEOUT; the signal's reason when aborted.
 */
export async function copyIntoGuest(
  guest: Session,
  copies: Workload["copy"],
  { machine, timeoutMs = copyTimeoutMs, signal }: GuestCopy,
): Promise<void> {
  if (copies.length === 0) return;
  const expired = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, expired]);
  const hangUp = () => void guest.close();
  either.addEventListener("abort", hangUp, { once: true });
  try {
    either.throwIfAborted();
    const to = await guest.files(machine);
    for (const { from, to: toPath } of copies) {
      await copyTree({ from: localFiles, fromPath: from, to, toPath, recursive: true }, () => {});
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (!expired.aborted) throw withoutBreak(cause);
    throw new TsmachineError(
      "TIMEOUT",
      `copying the workload's files into machine "${machine}" took longer than ${timeoutMs} ms`,
      { hints: ["copy less, or load large files as an image archive"], cause },
    );
  } finally {
    either.removeEventListener("abort", hangUp);
  }
}

/** A connection that broke says nothing of what was to be copied, unlike all else that COPY_FAILED is for. */
function withoutBreak(error: unknown): unknown {
  if (!(error instanceof TsmachineError && error.code === "COPY_FAILED")) return error;
  const { cause } = error;
  const isBreak = cause instanceof TsmachineError && cause.code === "SSH_CONNECTION_LOST";
  return isBreak ? cause : error;
}
