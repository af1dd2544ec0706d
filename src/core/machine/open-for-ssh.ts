import { fetchHostKey, fingerprintOf } from "../../ssh/fetch-host-key.ts";
import { knownHostsLine } from "../../ssh/host-key.ts";
import type { Context } from "../context.ts";
import { openRunning } from "./look.ts";
import { type OpenMachine, openMachine } from "./open-machine.ts";
import { withMachineLock } from "./with-machine-lock.ts";

const timeoutMs = 10_000;

/**
 * The machine, which must be running, with its host key known. An adopted host shows its key the first
 * time; from then on no other is accepted, and the user is told once.
 * @throws TsmachineError SSH_UNREACHABLE and those of openRunning
 */
export async function openForSsh(context: Context, name: string): Promise<OpenMachine> {
  const machine = await openRunning(context, name);
  const { endpoint, images, sshHostKey } = machine.record;
  // A machine of our own has been given its key; whoever lacks it is not to be believed another.
  const isKnown = sshHostKey !== undefined || images !== undefined;
  if (isKnown || endpoint?.sshPort === undefined) return machine;
  await withMachineLock(context, name, () => pinHostKey(context, name));
  return openMachine(context, name);
}

/** The record is written last: what it says must be true of known_hosts too. */
async function pinHostKey(context: Context, name: string): Promise<void> {
  const { store, signal } = context;
  const record = await store.readMachine(name);
  const { endpoint, sshHostKey } = record;
  if (sshHostKey !== undefined || endpoint?.sshPort === undefined) return;
  const { address, sshPort: port } = endpoint;
  const hostKey = await fetchHostKey({ address, port, timeoutMs, signal });
  await store.writeMachineFiles(name, { knownHosts: knownHostsLine({ address, port, hostKey }) });
  await store.writeMachine({ ...record, sshHostKey: hostKey });
  context.warn(
    `the host key of machine "${name}" was not known: ${fingerprintOf(hostKey)} of ${address} port ${port} is trusted from now on`,
  );
}
