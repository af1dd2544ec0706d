import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Context } from "../context.ts";
import { readStatus } from "./look.ts";
import { endpointOf, openMachine } from "./open-machine.ts";

/** How a machine's SSH server is reached, by OpenSSH's programs as by our own client. */
export interface SshTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly privateKeyPath: string;
  /** The one key the machine may show, as one line in OpenSSH's format. */
  readonly hostKey: string;
  /** The file with the same key as known_hosts(5) has it. */
  readonly knownHostsPath: string;
}

/** The user of the guest that may log in; see templates/guest/root/etc/passwd. */
const guestUser = "docker";

/**
 * The way into a machine, which must be running.
 * @throws TsmachineError MACHINE_NOT_RUNNING and those of openMachine.
 */
export async function readSshTarget(context: Context, name: string): Promise<SshTarget> {
  const machine = await openMachine(context, name);
  const { status } = await readStatus(context, machine);
  if (status !== "Running") throw notRunning(name, status);
  const { record } = machine;
  const { address, sshPort } = endpointOf(record);
  const { sshKey, knownHosts } = context.store.machineLayout(name);
  return {
    ...{ address, port: sshPort, user: guestUser, hostKey: record.sshHostKey },
    ...{ privateKeyPath: sshKey, knownHostsPath: knownHosts },
  };
}

function notRunning(name: string, status: string): TsmachineError {
  return new TsmachineError(
    "MACHINE_NOT_RUNNING",
    `Cannot run SSH command: Host "${name}" is not running`,
    { hints: [`start it with \`tsmachine start ${name}\``], context: { name, status } },
  );
}
