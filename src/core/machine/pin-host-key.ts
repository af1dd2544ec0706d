import { fetchHostKey, fingerprintOf } from "../../ssh/fetch-host-key.ts";
import { knownHostsLine } from "../../ssh/host-key.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";
import { withMachineLock } from "./with-machine-lock.ts";

const timeoutMs = 10_000;

/**
 * The machine's record, with its host key known. An adopted host shows its key the first time; from
 * then on no other is accepted, and the user is told once.
 * @throws TsmachineError SSH_UNREACHABLE
 */
export async function pinHostKey(context: Context, record: MachineRecord): Promise<MachineRecord> {
  const { name, endpoint, images, sshHostKey } = record;
  // A machine of our own has been given its key; whoever lacks it is not to be believed another.
  const isKnown = sshHostKey !== undefined || images !== undefined;
  if (isKnown || endpoint?.sshPort === undefined) return record;
  return withMachineLock(context, name, () => learnHostKey(context, name));
}

/** The record is written last: what it says must be true of known_hosts too. */
async function learnHostKey(context: Context, name: string): Promise<MachineRecord> {
  const { store, signal } = context;
  const record = await store.readMachine(name);
  const { endpoint, sshHostKey } = record;
  if (sshHostKey !== undefined || endpoint?.sshPort === undefined) return record;
  const { address, sshPort: port } = endpoint;
  const hostKey = await fetchHostKey({ address, port, timeoutMs, signal });
  await store.writeMachineFiles(name, { knownHosts: knownHostsLine({ address, port, hostKey }) });
  const known = { ...record, sshHostKey: hostKey };
  await store.writeMachine(known);
  context.warn(
    `the host key of machine "${name}" was not known: ${fingerprintOf(hostKey)} of ${address} port ${port} is trusted from now on`,
  );
  return known;
}
