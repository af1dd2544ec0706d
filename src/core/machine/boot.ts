import { isDeepStrictEqual } from "node:util";
import { writeSeedImage } from "../../iso/images/seed-image.ts";
import type { GuestSettings, Json } from "../../providers/provider.ts";
import { knownHostsLine } from "../../ssh/host-key.ts";
import type { MachineRecord } from "../../store/record.ts";
import { ensureAgent } from "../agent/ensure-agent.ts";
import { type Context, operationFor } from "../context.ts";
import { publishDockerContext } from "../docker-contexts/docker-contexts.ts";
import { engineRefused } from "../engine/refused-options.ts";
import { engineWordsOf, isMachineFailed } from "../engine/wait-for-engine.ts";
import type { Step } from "../progress.ts";
import { engineSetup } from "./engine-setup.ts";
import { authorityFor } from "./given-authority.ts";
import { serverBundleFor } from "./identity.ts";
import { atStage, settled } from "./journal.ts";
import { machineIncomplete, type OpenMachine, openMachine, openRecord } from "./open-machine.ts";
import { seedImagePath } from "./places.ts";
import { sshAccessOf } from "./ssh-access.ts";
import { waitForMachine } from "./wait-for-machine.ts";

export interface BootLimits {
  /** Milliseconds from power-on until the engine answers. */
  readonly bootTimeoutMs: number;
}

/**
 * Powers the machine on with a fresh seed image and waits for its engine; then its phase is "ready",
 * whatever was interrupted before. The caller holds the machine's lock. Whatever had to change
 * (ports, an old certificate) is stored before the wait.
 * @throws TsmachineError of Instance.start and waitForEngine.
 */
export async function bootMachine(
  context: Context,
  name: string,
  { bootTimeoutMs }: BootLimits,
): Promise<MachineRecord> {
  const { progress, store } = context;
  const started = await progress.step(`Starting machine "${name}"`, (step) =>
    powerOn(context, name, step),
  );
  await progress.step("Waiting for the engine", async (step) => {
    const operation = operationFor(context, step);
    const { instance, record } = started;
    try {
      await waitForMachine(context, started, { bootTimeoutMs, operation });
    } catch (error) {
      // A kernel that panics early boots for ever.
      const isLeftRunning =
        isMachineFailed(error) && (await instance.power(operation)) !== "stopped";
      if (isLeftRunning) await instance.stop("power-off", operation);
      const words = engineWordsOf(error);
      if (words === undefined) throw error;
      throw engineRefused(name, { words, engine: record.engine, cause: error });
    }
  });
  const published = await advance(context, started.record, "docker context");
  await publishDockerContext(context, published);
  const ready = settled(published);
  // The last of all: from now on the machine is not made anew by another `create`.
  if (published.phase !== "ready") await store.writeMachine(ready);
  await ensureAgent(context, { record: ready, instance: started.instance });
  return ready;
}

/**
 * Brings what is stored of a machine that runs up to date with where it is reached: a start that was
 * killed may have chosen other ports. The caller holds the machine's lock.
 */
export async function refreshEndpoint(
  context: Context,
  { record, instance }: OpenMachine,
): Promise<OpenMachine> {
  const operation = operationFor(context);
  const isKnown = isDeepStrictEqual(record.endpoint, { ...(await instance.endpoint(operation)) });
  const refreshed = isKnown
    ? { record, instance }
    : await storeStarted(context, record, await instance.start(operation));
  await publishDockerContext(context, refreshed.record);
  return refreshed;
}

async function powerOn(context: Context, name: string, step: Step): Promise<OpenMachine> {
  const operation = operationFor(context, step);
  const { record: found, instance } = await openMachine(context, name);
  const { address } = await instance.endpoint(operation);
  await advance(context, found, "seed image");
  await writeSeed(context, found, { address, guest: instance.guest });
  const record = await advance(context, found, "power-on");
  const provided = await instance.start(operation);
  return storeStarted(context, record, provided);
}

/**
 * Stores where the instance is reached now, which `provided`, the record of its start, tells. The
 * machine's record is written last: what it says must be true of known_hosts too.
 */
async function storeStarted(
  context: Context,
  record: MachineRecord,
  provided: Json,
): Promise<OpenMachine> {
  const { store } = context;
  const changed = { ...record, provider: { ...record.provider, record: provided } };
  const { instance } = await openRecord(context, changed);
  const endpoint = await instance.endpoint(operationFor(context));
  const updated = atStage({ ...changed, endpoint: { ...endpoint } }, "engine");
  await store.writeMachineFiles(record.name, { knownHosts: knownHostsLine(sshAccessOf(updated)) });
  await store.writeMachine(updated);
  return { record: updated, instance };
}

/** Stores to which stage the creation has come; nothing of a machine that was whole before. */
async function advance(
  { store }: Context,
  record: MachineRecord,
  stage: Parameters<typeof atStage>[1],
): Promise<MachineRecord> {
  const advanced = atStage(record, stage);
  if (advanced !== record) await store.writeMachine(advanced);
  return advanced;
}

/** Written anew at each boot: it is small, and so it always carries a certificate that is good. */
async function writeSeed(
  context: Context,
  record: MachineRecord,
  { address, guest }: { readonly address: string; readonly guest: GuestSettings | undefined },
): Promise<void> {
  const { store, signal } = context;
  const { name } = record;
  const { daemon, environment } = await engineSetup(context, record);
  const files = await store.readMachineFiles(name);
  const { sshPublicKey, sshHostKey } = files;
  if (sshPublicKey === undefined) throw machineIncomplete(name, "its SSH key");
  if (sshHostKey === undefined) throw machineIncomplete(name, "its SSH host key");
  const authorityFiles = await authorityFor(context, record, files);
  const { ca, certificate, key } = authorityFiles;
  const serverBundle = await serverBundleFor(context, record, { address, files, authorityFiles });
  await store.writeMachineFiles(name, {
    ...{ ca, certificate, key },
    serverCertificate: serverBundle.certificate,
    serverKey: serverBundle.key,
  });
  await writeSeedImage({
    path: seedImagePath(context, name),
    time: context.now(),
    signal,
    seed: {
      hostName: name,
      authorizedKeys: sshPublicKey,
      sshHostKey,
      serverBundle,
      daemon,
      environment,
      ...(guest ?? { addresses: [], folders: [] }),
    },
  });
}
