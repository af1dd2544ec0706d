import { writeSeedImage } from "../../iso/images/seed-image.ts";
import type { GuestSettings, Instance, Operation } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";
import { ensureAgent } from "../agent/ensure-agent.ts";
import { type Context, operationFor } from "../context.ts";
import { publishDockerContext } from "../docker-contexts/docker-contexts.ts";
import { engineWordsOf, isMachineFailed } from "../engine/machine-failed.ts";
import { engineRefused } from "../engine/refused-options.ts";
import { hostNamesFor } from "../names/host-names.ts";
import type { Step } from "../progress.ts";
import { trustedAuthorities } from "../trust/trusted-authorities.ts";
import { certifyAddress } from "./endpoint/await-engine.ts";
import { awaitMovingEngine } from "./endpoint/await-moving-engine.ts";
import { addressToCertify, isDynamic } from "./endpoint/dynamic.ts";
import { locateMachine, storeEndpoint } from "./endpoint/locate.ts";
import { tellMove } from "./endpoint/tell-move.ts";
import { engineSetup } from "./engine-setup.ts";
import { authorityFor } from "./given-authority.ts";
import { serverBundleFor } from "./identity.ts";
import { atStage, settled } from "./journal.ts";
import { machineIncomplete, type OpenMachine, openMachine, openRecord } from "./open-machine.ts";
import { seedImagePath } from "./places.ts";
import { setClock } from "./set-clock.ts";
import { tellMissingFolders } from "./tell-missing-folders.ts";

export interface BootLimits {
  /** Milliseconds from power-on until the engine answers. */
  readonly bootTimeoutMs: number;
}

/**
 * Powers the machine on with a fresh seed image and waits for its engine; then its phase is "ready",
 * whatever was interrupted before. The caller holds the machine's lock. Whatever had to change
 * (ports, an old certificate) is stored before the wait, and the user is told where it has moved.
 * @throws TsmachineError of Instance.start, locateMachine, awaitEngine and certifyAddress.
 */
export async function bootMachine(
  context: Context,
  name: string,
  limits: BootLimits,
): Promise<MachineRecord> {
  const { endpoint: from } = await context.store.readMachine(name);
  const started = await context.progress.step(`Starting machine "${name}"`, (step) =>
    powerOn(context, name, step),
  );
  const begun = performance.now();
  let { record } = started;
  let isPublished = false;
  try {
    const located = await unlessFailed(context, started, () =>
      locateMachine(context, started, limits),
    );
    record = located.record;
    const waitedMs = performance.now() - begun;
    const { machine, certificate } = await unlessFailed(context, located, () =>
      awaitMovingEngine(context, located, { ...limits, waitedMs }),
    );
    record = machine.record;
    await certifyAddress(context, machine, { ...limits, certificate });
    const published = await advance(context, record, "docker context");
    isPublished = await publishDockerContext(context, published);
    const ready = settled(published);
    // The last of all: from now on the machine is not made anew by another `create`.
    if (published.phase !== "ready") await context.store.writeMachine(ready);
    if (started.goesOn) await setClock(context, ready);
    const booted = { record: ready, instance: machine.instance };
    await ensureAgent(context, booted, { beginsLog: true });
    await tellMissingFolders(context, booted);
    return ready;
  } finally {
    // Also when the engine does not answer: the next start finds it where it is stored by now.
    tellMove(context, record, { from, to: record.endpoint, isPublished });
  }
}

/** What comes of a wait for a machine; one that has failed meanwhile is off afterwards. */
async function unlessFailed<T>(
  context: Context,
  { record, instance }: OpenMachine,
  wait: () => Promise<T>,
): Promise<T> {
  try {
    return await wait();
  } catch (error) {
    const operation = operationFor(context);
    // A kernel that panics early boots for ever.
    const isLeftRunning = isMachineFailed(error) && (await instance.power(operation)) !== "stopped";
    if (isLeftRunning) await instance.stop("power-off", operation);
    const words = engineWordsOf(error);
    if (words === undefined) throw error;
    throw engineRefused(record.name, { words, engine: record.engine, cause: error });
  }
}

interface StartedMachine extends OpenMachine {
  /** It was saved or paused: its guest has not booted, and goes on where it was. */
  readonly goesOn: boolean;
}

async function powerOn(context: Context, name: string, step: Step): Promise<StartedMachine> {
  const operation = operationFor(context, step);
  const { record: found, instance } = await openMachine(context, name);
  const address = await addressToCertify(context, { record: found, instance });
  await advance(context, found, "seed image");
  const goesOn = await isSuspended(instance, operation);
  if (!goesOn) {
    await writeSeed(context, found, { address, guest: instance.guest });
  }
  const record = await advance(context, found, "power-on");
  const provided = await instance.start(operation);
  const changed = { ...record, provider: { ...record.provider, record: provided } };
  const started = await openRecord(context, changed);
  if (!(await isDynamic(context, record))) {
    const endpoint = await started.instance.endpoint(operation);
    return { ...(await storeEndpoint(context, started, endpoint)), goesOn };
  }
  await context.store.writeMachine(changed);
  return { ...started, goesOn };
}

/** One that goes on where it was has read its seed image, and its hypervisor may hold the file. */
async function isSuspended(instance: Instance, operation: Operation): Promise<boolean> {
  const power = await instance.power(operation);
  return power === "suspended" || power === "paused";
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
      identity: record.identity,
      authorizedKeys: sshPublicKey,
      sshHostKey,
      serverBundle,
      authorities: await trustedAuthorities(context, { name, given: files.trustedAuthorities }),
      daemon,
      environment,
      hosts: await hostNamesFor(context, record),
      ...(guest ?? { addresses: [], folders: [] }),
    },
  });
}
