import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";
import { endpointOf, machineIncomplete } from "./open-machine.ts";

/** The user of the guest that may log in; see templates/guest/root/etc/passwd. */
const guestUser = "docker";

/** Where and as whom one logs in to a machine. */
export interface SshAccess {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The one key that the machine may show, in OpenSSH's format. */
  readonly hostKey: string;
}

/**
 * @throws TsmachineError CAPABILITY_MISSING where nobody can log in; MACHINE_NOT_STARTED;
 *   MACHINE_INCOMPLETE when its host key is not known.
 */
export function sshAccessOf(record: MachineRecord): SshAccess {
  const { address, sshPort, sshUser = guestUser } = endpointOf(record);
  const { name, sshHostKey } = record;
  if (sshPort === undefined) throw sshMissing(record);
  if (sshHostKey === undefined) throw machineIncomplete(name, "its SSH host key");
  return { address, port: sshPort, user: sshUser, hostKey: sshHostKey };
}

function sshMissing({ name, provider }: MachineRecord): TsmachineError {
  return new TsmachineError(
    "CAPABILITY_MISSING",
    `hosts without a driver do not support SSH (machine "${name}", provider ${provider.id})`,
    {
      hints: ["log in to the host with `ssh`, as you would without tsmachine"],
      context: { name, provider: provider.id },
    },
  );
}
