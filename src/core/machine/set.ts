import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { PowerState, Sizes } from "../../providers/provider.ts";
import { openSession } from "../../ssh/session.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, operationFor } from "../context.ts";
import { type OpenMachine, openMachine } from "./open-machine.ts";
import { requireAwake } from "./require-awake.ts";
import { requirePart } from "./require-part.ts";
import { requirePresent } from "./shut-down.ts";
import { sshAccessOf } from "./ssh-access.ts";
import { withMachineLock } from "./with-machine-lock.ts";

export interface SetRequest {
  readonly sizes: Partial<Sizes>;
  /** Whether `rm` refuses to remove the machine; as it is unless given. */
  readonly isProtected?: boolean | undefined;
}

export interface SetReport {
  readonly name: string;
  /** All that it has, or will have. Absent where its provider has no sizes. */
  readonly sizes: Sizes | undefined;
  readonly isProtected: boolean;
  /** True: memory or processors were changed, and count from the next start on. */
  readonly needsRestart: boolean;
}

/**
 * Gives a machine other sizes, or protects it. A disk that has grown is used at once, also while the machine runs.
 * @throws TsmachineError CAPABILITY_MISSING, MACHINE_NOT_RUNNING for one that is suspended or paused, INSTANCE_MISSING;
 *   those of Resizing.resize
 */
export function setMachine(
  context: Context,
  name: string,
  { sizes: wanted, isProtected }: SetRequest,
): Promise<SetReport> {
  return withMachineLock(context, name, async () => {
    const machine = await openMachine(context, name);
    const former = machine.instance.resizing?.sizes;
    const resized = await resize(context, machine, wanted);
    const record = withProtection(resized.record, isProtected);
    await context.store.writeMachine(record);
    const sizes = former === undefined ? undefined : { ...former, ...wanted };
    const isLarger = former !== undefined && sizes?.diskSizeMiB !== former.diskSizeMiB;
    if (isLarger && resized.power === "running") await growFileSystem(context, record);
    return {
      ...{ name, sizes, isProtected: record.isProtected === true },
      needsRestart:
        resized.power === "running" &&
        (sizes?.memoryMiB !== former?.memoryMiB || sizes?.cpuCount !== former?.cpuCount),
    };
  });
}

interface Resized {
  readonly record: MachineRecord;
  /** Undefined where nothing was to be resized. */
  readonly power: PowerState | undefined;
}

async function resize(
  context: Context,
  { record, instance }: OpenMachine,
  wanted: Partial<Sizes>,
): Promise<Resized> {
  if (Object.keys(wanted).length === 0) return { record, power: undefined };
  const { name } = record;
  const resizing = requirePart(instance.resizing, record, "be resized");
  const power = await instance.power(operationFor(context));
  requirePresent(name, power);
  requireAwake(name, power);
  const provided = await context.progress.step(`Resizing machine "${name}"`, (step) =>
    resizing.resize(wanted, operationFor(context, step)),
  );
  return { record: { ...record, provider: { ...record.provider, record: provided } }, power };
}

function withProtection(record: MachineRecord, isProtected: boolean | undefined): MachineRecord {
  if (isProtected === undefined) return record;
  const { isProtected: _, ...rest } = record;
  return isProtected ? { ...rest, isProtected } : rest;
}

const loginTimeoutMs = 30_000;
const growTimeoutMs = 120_000;
const growCommand = "sudo -n /usr/lib/tsmachine/grow-data-disk";

/** At the next start it grows in any case, so that a failure is none of the command's. */
async function growFileSystem(context: Context, record: MachineRecord): Promise<void> {
  const { name } = record;
  try {
    await context.progress.step(`Growing the file system of "${name}"`, async () => {
      await using session = await openSession({
        ...sshAccessOf(record),
        privateKeyPath: context.store.machineLayout(name).sshKey,
        ...{ timeoutMs: loginTimeoutMs, signal: context.signal },
      });
      const { exitCode, stderr } = await session.run(growCommand, {
        ...{ timeoutMs: growTimeoutMs, signal: context.signal },
      });
      if (exitCode === 0) return;
      throw new TsmachineError("PROGRAM_FAILED", stderr.trim().split("\n").at(-1) ?? "");
    });
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof TsmachineError)) throw error;
    context.warn(
      `the disk of machine "${name}" is larger, its file system is not yet (${messageOf(error)}); \`tsmachine restart ${name}\` makes it so, where its engine image is an older one \`tsmachine upgrade ${name}\``,
    );
  }
}
