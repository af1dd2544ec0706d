import { messageOf } from "../../../errors/message-of.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { compareVersions } from "../../../iso/debian/packages/version.ts";
import { type CachedImage, findImage } from "../../../iso/images/cache/image-cache.ts";
import type { MachineRecord } from "../../../store/record.ts";
import { type Context, operationFor } from "../../context.ts";
import { provideEngineImage, restoreImages } from "../../images/images.ts";
import { withImagesInUse } from "../../images/images-in-use.ts";
import { engineVersionOf, imagesOf } from "../../images/recorded-images.ts";
import { requireFittingPair } from "../../images/require-fitting-pair.ts";
import type { EngineSelection } from "../../images/selection.ts";
import { type BootLimits, bootMachine } from "../boot.ts";
import { openMachine } from "../open-machine.ts";
import { requireOwned } from "../require-owned.ts";
import { defaultStopLimits, requirePresent, shutDown } from "../shut-down.ts";
import { withMachineLock } from "../with-machine-lock.ts";
import { powerOff, settleUpgrade } from "./settle.ts";
import { beginSwap, commitSwap, revertSwap } from "./swap-engine.ts";

export interface UpgradeRequest extends BootLimits {
  /** Without a choice, the standard engine, unless the machine has a newer one. */
  readonly engine: EngineSelection;
}

export interface UpgradeReport {
  readonly name: string;
  /** "unchanged": there is nothing newer. */
  readonly outcome: "upgraded" | "unchanged";
  /** Versions of the engines; the same for one of newer packages. */
  readonly from: string;
  readonly to: string;
}

/** Milliseconds for putting the former engine back after Ctrl-C. */
const undoTimeoutMs = 60_000;

/**
 * Gives the machine an engine image of the newest packages. The new engine must answer in a boot of
 * its own, then the machine is on or off as it was; otherwise it gets its former engine back.
 * Volumes, images and certificates are on the data disk and in the store, which stay.
 * @throws TsmachineError UPGRADE_FAILED when the former engine is back; MACHINE_INCOMPLETE for a
 *   machine that was never whole; KERNEL_UNSUITABLE; those of provideEngineImage.
 */
export function upgradeMachine(
  context: Context,
  name: string,
  request: UpgradeRequest,
): Promise<UpgradeReport> {
  return withImagesInUse(context, () => upgrade(context, name, request));
}

async function upgrade(
  context: Context,
  name: string,
  request: UpgradeRequest,
): Promise<UpgradeReport> {
  const former = await context.store.readMachine(name);
  await requireOwned(context, former, "upgraded");
  const { architecture, phase } = former;
  requireReady(name, phase);
  const { engine } = request;
  const image = await provideEngineImage(context, { architecture, engine });
  return withMachineLock(context, name, async () => {
    await settleUpgrade(context, name, request);
    const { record, instance } = await openMachine(context, name);
    requireReady(name, record.phase);
    const version = await engineVersionOf(context, record);
    const isNewer =
      image.manifest.key !== imagesOf(record).engine && !isDowngrade(request, version, image);
    const versions = { from: version, to: isNewer ? image.manifest.version : version };
    if (!isNewer) return { name, outcome: "unchanged", ...versions };
    await requireFit(context, record, image);
    const power = await instance.power(operationFor(context));
    requirePresent(name, power);
    await shutDown(context, name, defaultStopLimits);
    await tryEngine(context, record, { ...request, ...versions, image, isOn: power !== "stopped" });
    return { name, outcome: "upgraded", ...versions };
  });
}

function requireReady(name: string, phase: MachineRecord["phase"]): void {
  if (phase === "ready") return;
  throw new TsmachineError("MACHINE_INCOMPLETE", `machine "${name}" is not whole`, {
    hints: [
      `finish it with \`tsmachine start ${name}\`, or remove it with \`tsmachine rm ${name}\``,
    ],
  });
}

/** Who has chosen a newer engine than the standard one is not to lose it by the way. */
function isDowngrade(
  { engine }: UpgradeRequest,
  former: string,
  { manifest }: CachedImage,
): boolean {
  if (engine.kind !== "default") return false;
  const areKnown = [former, manifest.version].every((version) => /^\d/.test(version));
  return areKnown && compareVersions(manifest.version, former) < 0;
}

/** Both images that the machine has must be whole: it may have to go back to them. */
async function requireFit(context: Context, record: MachineRecord, engine: CachedImage) {
  await restoreImages(context, record);
  const boot = await findImage(context.store.layout.cache, "boot", imagesOf(record).boot);
  if (boot !== undefined) await requireFittingPair(context, boot, engine);
}

interface Trial extends BootLimits {
  readonly image: CachedImage;
  /** Whether the machine was on. */
  readonly isOn: boolean;
  readonly from: string;
  readonly to: string;
}

async function tryEngine(context: Context, record: MachineRecord, trial: Trial): Promise<void> {
  const { name } = record;
  try {
    await beginSwap(context, record, trial.image);
    await bootMachine(context, name, trial);
  } catch (error) {
    throw await goBack(context, name, { ...trial, error });
  }
  await commitSwap(context, name);
  if (!trial.isOn) await shutDown(context, name, defaultStopLimits);
}

/** Gives back the error to throw. */
async function goBack(
  context: Context,
  name: string,
  { error, isOn, from, to, ...limits }: Trial & { readonly error: unknown },
): Promise<unknown> {
  const isCancelled = context.signal.aborted;
  const signal = isCancelled ? AbortSignal.timeout(undoTimeoutMs) : context.signal;
  const unhurried = { ...context, signal };
  try {
    await context.progress.step(`Putting the former engine of "${name}" back`, async () => {
      await powerOff(unhurried, name);
      await revertSwap(unhurried, name);
    });
  } catch (undoError) {
    context.warn(
      `the former engine of "${name}" is not back yet (${messageOf(undoError)}); \`tsmachine start ${name}\` puts it back`,
    );
    return error;
  }
  if (isCancelled) {
    context.warn(`machine "${name}" is stopped, with its former engine`);
    return error;
  }
  const problem = `machine "${name}" does not come up with engine ${to} (${messageOf(error)})`;
  if (!isOn) return upgradeFailed(`${problem}; it has engine ${from} again`, error, name);
  try {
    await bootMachine(context, name, limits);
  } catch (bootError) {
    context.signal.throwIfAborted();
    const outcome = `nor with engine ${from} again (${messageOf(bootError)})`;
    return upgradeFailed(`${problem}, ${outcome}`, bootError, name);
  }
  return upgradeFailed(`${problem}; it runs with engine ${from} again`, error, name);
}

function upgradeFailed(message: string, cause: unknown, name: string): TsmachineError {
  const former = cause instanceof TsmachineError ? cause.context : {};
  return new TsmachineError("UPGRADE_FAILED", message, {
    hints: [`choose another engine with \`tsmachine upgrade ${name} --engine-version VERSION\``],
    context: former,
    cause,
  });
}
