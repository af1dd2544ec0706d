import type { Context } from "../../core/context.ts";
import { sshAccessOf } from "../../core/machine/ssh-access.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { copyTree } from "../../ssh/copy/copy-tree.ts";
import { localFiles } from "../../ssh/copy/local-files.ts";
import { quoteWord } from "../../ssh/remote-command.ts";
import { openSession, type Session } from "../../ssh/session.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Workload } from "../definition/matrix.ts";

const loginTimeoutMs = 60_000;
const questionTimeoutMs = 60_000;

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

/** What is another after each start of the kernel; undefined where it does not say. */
export async function readBootId(guest: Session, signal: AbortSignal): Promise<string | undefined> {
  const command = "cat /proc/sys/kernel/random/boot_id";
  const { stdout, exitCode } = await guest.run(command, { timeoutMs: questionTimeoutMs, signal });
  return exitCode === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
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

/** @throws TsmachineError of copyTree; COPY_FAILED names the path */
export async function copyIntoGuest(
  guest: Session,
  machine: string,
  copies: Workload["copy"],
): Promise<void> {
  if (copies.length === 0) return;
  const to = await guest.files(machine);
  for (const { from, to: toPath } of copies) {
    await copyTree({ from: localFiles, fromPath: from, to, toPath, recursive: true }, () => {});
  }
}

/** A command as the guest's shell takes it, run as root. */
export function asRoot(command: readonly string[]): string {
  return ["sudo", "-n", "--", ...command.map(quoteWord)].join(" ");
}
