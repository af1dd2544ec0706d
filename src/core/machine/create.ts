import { serverSubjectNames } from "../../certs/subject-names.ts";
import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { ImageLocks } from "../../iso/images/lock-file.ts";
import { bootCommandLine } from "../../iso/recipes/command-line.ts";
import type { Json, Provider } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, findProvider, operationFor } from "../context.ts";
import { planDockerContext } from "../docker-contexts/docker-contexts.ts";
import { daemonConfiguration, defaultInstallUrl } from "../engine/daemon-configuration.ts";
import { hasOptions } from "../engine/refused-options.ts";
import { isEngineFailed } from "../engine/wait-for-engine.ts";
import { imageLocksOf, provideImages } from "../images/images.ts";
import { withImagesInUse } from "../images/images-in-use.ts";
import { provideLockedPair } from "../images/locked-images.ts";
import { requireFittingPair } from "../images/require-fitting-pair.ts";
import type { ImageSelection } from "../images/selection.ts";
import { adoptMachine } from "./adopt.ts";
import { type BootLimits, bootMachine } from "./boot.ts";
import { warnOfOtherDriver } from "./engine-setup.ts";
import { authorityFor, readTlsFiles, type TlsFiles } from "./given-authority.ts";
import { createIdentity } from "./identity.ts";
import { creationStages } from "./journal.ts";
import { openMachine } from "./open-machine.ts";
import { discardMachine } from "./remove.ts";
import { withMachineLock } from "./with-machine-lock.ts";

export interface CreateRequest extends BootLimits {
  readonly name: string;
  /** A provider's id or one of its aliases, as the user gave it. */
  readonly providerId: string;
  /** Validated by the provider's schema. */
  readonly providerOptions: Json;
  readonly images: ImageSelection;
  /** The machine gets exactly the images of these, whatever is selected. */
  readonly locks?: ImageLocks;
  readonly engine: NonNullable<MachineRecord["engine"]>;
  readonly tlsSans: readonly string[];
  /** Whether docker's CLI is to know the machine as a context. */
  readonly registersContext: boolean;
  /** In place of the store's authority and clients' bundle. */
  readonly tlsFiles?: TlsFiles | undefined;
  /** Of a node of classic Swarm; only kept. */
  readonly swarm?: NonNullable<MachineRecord["swarm"]> | undefined;
}

/** Milliseconds for undoing what an interrupted create has begun. */
const undoTimeoutMs = 60_000;

/**
 * Creates a machine and waits until its engine answers. What an earlier, killed create of this name
 * left is removed first; what fails or is cancelled leaves nothing behind, but for a machine whose
 * engine does not start with the options it was given: `provision` can mend that one.
 * @throws TsmachineError MACHINE_EXISTS, PROVIDER_UNKNOWN, PROVIDER_NOT_READY, INVALID_INPUT; those of
 *   readTlsFiles, provideImages, provideLockedPair, requireFittingPair, Provider.plan, bootMachine.
 */
export async function createMachine(
  context: Context,
  request: CreateRequest,
): Promise<MachineRecord> {
  const { name } = request;
  requireSound(request);
  await readTlsFiles(request.tlsFiles);
  return withMachineLock(context, name, async () => {
    await clearInterrupted(context, name);
    const provider = await findProvider(context, request.providerId);
    requireInstallUrl(provider, request.engine);
    if (!provider.capabilities.ownsInstance) return adopt(context, provider, request);
    await requireReady(context, provider);
    await abandonFormer(context, provider, name);
    const record = await withImagesInUse(context, () =>
      registerMachine(context, provider, request),
    );
    try {
      const { instance } = await openMachine(context, name);
      await context.progress.step(`Creating machine "${name}"`, (step) =>
        instance.create(operationFor(context, step)),
      );
      return await bootMachine(context, name, request);
    } catch (error) {
      if (isEngineFailed(error) && hasOptions(request.engine)) throw whileKept(name, error);
      throw await undo(context, record, error);
    }
  });
}

/**
 * Refuses, before anything is made, what would be refused only when the seed image is written.
 * @throws TsmachineError INVALID_INPUT
 */
function requireSound({ name, providerId, engine, tlsSans }: CreateRequest): void {
  daemonConfiguration({ engine, provider: { id: providerId }, engineVersion: "unknown" });
  serverSubjectNames({ name, address: "127.0.0.1", tlsSans });
}

/** @throws TsmachineError INVALID_INPUT */
function requireInstallUrl(
  { id, capabilities }: Provider,
  { installUrl = defaultInstallUrl }: CreateRequest["engine"],
): void {
  if (!capabilities.bootsIso || installUrl === defaultInstallUrl) return;
  throw new TsmachineError(
    "INVALID_INPUT",
    `--engine-install-url is refused: machines of provider ${id} have their engine in an image, and nothing is installed`,
    { hints: ["choose the engine with `--engine-version` or `--engine-archive`"] },
  );
}

async function clearInterrupted(context: Context, name: string): Promise<void> {
  const { store, progress } = context;
  const names = await store.listMachineNames();
  if (!names.includes(name)) return;
  const { phase } = await store.readMachine(name);
  if (phase === "ready") {
    throw new TsmachineError("MACHINE_EXISTS", `Docker machine "${name}" already exists`, {
      hints: [`choose another name, or remove it first with \`tsmachine rm ${name}\``],
      context: { name },
    });
  }
  await progress.step(`Removing what an interrupted command left of "${name}"`, () =>
    discardMachine(context, name),
  );
}

/** Ends what runs in the folder of a machine that was deleted from outside and had this name. */
async function abandonFormer(context: Context, provider: Provider, name: string): Promise<void> {
  const { directory } = context.store.machineLayout(name);
  await provider.abandon(directory, operationFor(context));
}

async function requireReady(context: Context, provider: Provider): Promise<void> {
  await context.progress.step("Running pre-create checks", async (step) => {
    const health = await provider.check(operationFor(context, step));
    if (health.state !== "ready") {
      throw new TsmachineError("PROVIDER_NOT_READY", health.problem, { hints: [health.hint] });
    }
    for (const note of health.notes) context.warn(note);
  });
}

/** The user's bundle is in the folder of every machine: it is what DOCKER_CERT_PATH points at. */
async function adopt(
  context: Context,
  provider: Provider,
  request: CreateRequest,
): Promise<MachineRecord> {
  const { name, engine, tlsSans, tlsFiles, swarm, providerOptions: options } = request;
  const { architecture } = request.images;
  // First, because it refuses options, and nothing has been announced yet.
  const planned = await provider.plan({ name, architecture }, options, operationFor(context));
  await requireReady(context, provider);
  return context.progress.step(`Creating machine "${name}"`, async () => {
    const { ca, certificate, key } = await authorityFor(context, request);
    return adoptMachine(context, {
      ...{ name, provider, planned, options, architecture, engine, tlsSans, tlsFiles, swarm },
      ...{ files: { ca, certificate, key }, createdAt: context.now() },
    });
  });
}

/** Saves the record before anything is made, so that nothing is ever made that no record names. */
async function registerMachine(
  context: Context,
  provider: Provider,
  request: CreateRequest,
): Promise<MachineRecord> {
  const { store, templates } = context;
  const { name } = request;
  const images = await (request.locks === undefined
    ? provideImages(context, { ...request.images, freshness: "cached" })
    : provideLockedPair(context, request.locks));
  const { architecture } = images.boot.manifest.lock;
  await requireFittingPair(context, images.boot, images.engine);
  return context.progress.step("Making keys and certificates", async (step) => {
    const { files, sshHostPublicKey } = await createIdentity(
      name,
      await authorityFor(context, request),
    );
    const operation = operationFor(context, step);
    const spec = { name, architecture };
    const dockerContext = request.registersContext
      ? await planDockerContext(context, name)
      : undefined;
    const planned = await provider.plan(spec, request.providerOptions, operation);
    const record: MachineRecord = {
      schemaVersion: 1,
      name,
      phase: "creating",
      stage: creationStages[0],
      createdAt: context.now().toISOString(),
      architecture,
      provider: {
        id: provider.id,
        ...(request.providerId !== provider.id && { givenId: request.providerId }),
        record: planned,
        options: request.providerOptions,
      },
      images: {
        boot: images.boot.manifest.key,
        engine: images.engine.manifest.key,
        commandLine: await bootCommandLine(templates, architecture),
      },
      engine: request.engine,
      ...(request.swarm !== undefined && { swarm: request.swarm }),
      tlsSans: [...request.tlsSans],
      ...(dockerContext !== undefined && { dockerContext }),
      ...(request.tlsFiles !== undefined && { tlsFiles: request.tlsFiles }),
      sshHostKey: sshHostPublicKey,
    };
    await store.createMachine(record, { ...files, imageLocks: imageLocksOf(images) });
    await warnOfOtherDriver(context, record);
    return record;
  });
}

/** The options can be mended: what was made is worth keeping. */
function whileKept(name: string, error: TsmachineError): TsmachineError {
  const { code, message, hints, context, cause } = error;
  return new TsmachineError(code, `${message}; the machine is kept`, {
    hints: [...hints, `remove it with \`tsmachine rm ${name}\` if you do not want it`],
    ...{ context, cause },
  });
}

/** Gives back the error to throw: the first one, also when undoing fails as well. */
async function undo(context: Context, { name }: MachineRecord, error: unknown): Promise<unknown> {
  const unhurried = { ...context, signal: AbortSignal.timeout(undoTimeoutMs) };
  try {
    await context.progress.step(`Removing what was made of "${name}"`, () =>
      discardMachine(unhurried, name),
    );
  } catch (undoError) {
    const reason = messageOf(undoError);
    context.warn(
      `machine "${name}" could not be removed again (${reason}); remove it with \`tsmachine rm -f ${name}\``,
    );
  }
  return error;
}
