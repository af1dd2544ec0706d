import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Context } from "../context.ts";
import { requireUnmoved } from "./endpoint/require-unmoved.ts";
import { readStatus } from "./look.ts";
import { openMachine } from "./open-machine.ts";
import { pinHostKey } from "./pin-host-key.ts";
import { howToStart } from "./require-owned.ts";
import { type SshAccess, sshAccessOf } from "./ssh-access.ts";

/** How a machine's SSH server is reached, by OpenSSH's programs as by our own client. */
export interface SshTarget extends SshAccess {
  readonly privateKeyPath: string;
  /** The file with the host key as known_hosts(5) has it. */
  readonly knownHostsPath: string;
}

/**
 * The way into a machine, which must be running. The host key of an adopted one is pinned first.
 * @throws TsmachineError MACHINE_NOT_RUNNING and those of openMachine, requireUnmoved, pinHostKey
 *   and sshAccessOf.
 */
export async function readSshTarget(context: Context, name: string): Promise<SshTarget> {
  const machine = await openMachine(context, name);
  const { status } = await readStatus(context, machine);
  if (status !== "Running") {
    throw notRunning(name, { status, hint: await howToStart(context, machine.record) });
  }
  await requireUnmoved(context, machine);
  const record = await pinHostKey(context, machine.record);
  const { sshKey, knownHosts } = context.store.machineLayout(name);
  return { ...sshAccessOf(record), privateKeyPath: sshKey, knownHostsPath: knownHosts };
}

function notRunning(
  name: string,
  { status, hint }: { readonly status: string; readonly hint: string },
): TsmachineError {
  return new TsmachineError(
    "MACHINE_NOT_RUNNING",
    `Cannot run SSH command: Host "${name}" is not running`,
    { hints: [hint], context: { name, status } },
  );
}
