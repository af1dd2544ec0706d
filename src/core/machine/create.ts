import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { ImageLocks } from "../../iso/images/lock-file.ts";
import type { Json, Provider, SharedFolder } from "../../providers/provider.ts";
import { machineExists } from "../../store/machines.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, findProvider, operationFor } from "../context.ts";
import { withdrawDockerContext } from "../docker-contexts/docker-contexts.ts";
import { isEngineFailed } from "../engine/machine-failed.ts";
import { hasOptions } from "../engine/refused-options.ts";
import { withImagesInUse } from "../images/images-in-use.ts";
import type { ImageSelection } from "../images/selection.ts";
import type { Step } from "../progress.ts";
import { adoptMachine } from "./adopt.ts";
import { type BootLimits, bootMachine } from "./boot.ts";
import { warnOfOtherDriver } from "./engine-setup.ts";
import { authorityFor, readTlsFiles, type TlsFiles } from "./given-authority.ts";
import { openMachine } from "./open-machine.ts";
import { planMachine } from "./plan-machine.ts";
import { abandonInstance, discardMachine } from "./remove.ts";
import { requireFittingFlags } from "./require-fitting-flags.ts";
import { requireReady } from "./require-ready.ts";
import { requireSound } from "./require-sound.ts";
import { withMachineLock } from "./with-machine-lock.ts";

/** Of a machine that is made for a while: see there in the record. */
type Purpose = Readonly<Pick<MachineRecord, "user" | "cell" | "workload">>;

export interface CreateRequest extends BootLimits, Purpose {
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
  /** The address of this host that published ports are bound to. */
  readonly publishAddress?: string | undefined;
  /** Absent: those that the provider shares unless it is told otherwise. */
  readonly folders?: readonly SharedFolder[] | undefined;
  /** Whether `rm` is to refuse to remove it. */
  readonly isProtected?: boolean;
  /** Whether docker's CLI is to know the machine as a context. */
  readonly registersContext: boolean;
  /** Certificates, as PEM, of authorities that the engine is to trust; none unless given. */
  readonly authorities?: string | undefined;
  /** In place of the store's authority and clients' bundle. */
  readonly tlsFiles?: TlsFiles | undefined;
  /** Added to the kernel's command line, where the kernel is booted directly. */
  readonly kernelArguments?: readonly string[];
  /** Of a node of classic Swarm; only kept. */
  readonly swarm?: NonNullable<MachineRecord["swarm"]> | undefined;
}

/** Milliseconds for undoing what an interrupted create has begun. */
const undoTimeoutMs = 60_000;

/**
 * Creates a machine and waits until its engine answers. What an earlier, killed create of this name
 * left is removed once the new machine can be made; what fails or is cancelled leaves nothing behind, but for a machine whose
 * engine does not start with the options it was given: `provision` can mend that one, unless it has a user.
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
    await requireFreeName(context, name);
    const provider = await findProvider(context, request.providerId);
    requireFittingFlags(provider, request);
    if (!provider.capabilities.ownsInstance) return adopt(context, provider, request);
    await requireReady(context, provider, request);
    return makeMachine(context, provider, request);
  });
}

async function makeMachine(
  context: Context,
  provider: Provider,
  request: CreateRequest,
): Promise<MachineRecord> {
  const { name } = request;
  const made = { isRecorded: false };
  try {
    await withImagesInUse(context, async () => {
      const { record, files } = await planMachine(context, provider, request);
      await makeRoom(context, name);
      // Saved before anything is made, so that nothing is ever made that no record names.
      await context.store.createMachine(record, files);
      made.isRecorded = true;
      await warnOfOtherDriver(context, record);
    });
    await context.progress.step(`Creating machine "${name}"`, (step) =>
      createInstance(context, name, step),
    );
    return await bootMachine(context, name, request);
  } catch (error) {
    if (!made.isRecorded) throw error;
    if (isWorthMending(error, request)) throw whileKept(name, error);
    throw await undo(context, name, error);
  }
}

async function createInstance(context: Context, name: string, step: Step): Promise<void> {
  const { record, instance } = await openMachine(context, name);
  const provided = await instance.create(operationFor(context, step));
  if (isDeepStrictEqual(provided, record.provider.record)) return;
  const provider = { ...record.provider, record: provided };
  await context.store.writeMachine({ ...record, provider });
}

/** One whose creation or removal was interrupted may be replaced. @throws TsmachineError MACHINE_EXISTS */
async function requireFreeName({ store }: Context, name: string): Promise<void> {
  const names = await store.listMachineNames();
  if (!names.includes(name) || (await store.readMachine(name)).phase !== "ready") return;
  throw machineExists(name);
}

/**
 * Removes what is left of another machine of this name: one that was interrupted, which might be worth
 * mending until the new one can be made, or what runs of one whose folder was deleted from outside.
 */
async function makeRoom(context: Context, name: string): Promise<void> {
  const { store, progress } = context;
  if ((await store.listMachineNames()).includes(name)) {
    await progress.step(`Removing what an interrupted command left of "${name}"`, () =>
      discardMachine(context, name),
    );
  }
  await abandonInstance(context, name);
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
  await requireReady(context, provider, request);
  const { ca, certificate, key } = await authorityFor(context, request);
  await makeRoom(context, name);
  await withdrawDockerContext(context, name);
  return context.progress.step(`Creating machine "${name}"`, () =>
    adoptMachine(context, {
      ...{ name, provider, planned, options, architecture, engine, tlsSans, tlsFiles, swarm },
      ...{ files: { ca, certificate, key }, createdAt: context.now() },
    }),
  );
}

/** Options can be mended, but for a machine that is made for a while nobody does so. */
function isWorthMending(error: unknown, { engine, user }: CreateRequest): error is TsmachineError {
  return isEngineFailed(error) && hasOptions(engine) && user === undefined;
}

function whileKept(name: string, error: TsmachineError): TsmachineError {
  const { code, message, hints, context, cause } = error;
  return new TsmachineError(code, `${message}; the machine is kept`, {
    hints: [...hints, `remove it with \`tsmachine rm ${name}\` if you do not want it`],
    ...{ context, cause },
  });
}

/** Gives back the error to throw: the first one, also when undoing fails as well. */
async function undo(context: Context, name: string, error: unknown): Promise<unknown> {
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
