import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Operation } from "../../provider.ts";
import { acceleratorSchema } from "../preflight/accelerator.ts";
import { askQemu } from "../process/ask-qemu.ts";
import { goOn } from "../process/go-on.ts";
import { acceleratorOfQemu, foldersOfQemu } from "../process/qemu-process.ts";
import { untilQemu } from "../process/until-qemu.ts";
import type { Qmp } from "../qmp/qmp.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { giveUpSaving } from "./give-up-saving.ts";
import { queryMigration } from "./migration.ts";
import type { MemoryFacts } from "./saved-memory.ts";

/** QEMU writes what the guest has given to its disk before it halts it. */
const haltTimeoutMs = 60_000;
/** Gigabytes are written to slow disks. */
const saveTimeoutMs = 15 * 60_000;
const undoTimeoutMs = 120_000;

export interface Saving {
  readonly world: KvmWorld;
  /** Of a file that is not there yet, relative to the machine's folder. */
  readonly path: string;
}

export interface Saved {
  readonly facts: MemoryFacts;
  /** Removes the file, and lets the guest go on if it ran before. */
  undo(): Promise<void>;
}

/**
 * Halts the guest and writes its memory, with the state of its devices, into a file of the machine's folder. The
 * guest stays halted, and its disk as it is then. No other memory of it may be saved meanwhile.
 * @throws TsmachineError QMP_FAILED with QEMU's reason, DISK_FULL, TIMEOUT, QMP_UNREACHABLE; then it is undone
 */
export async function saveMemory(
  machine: KvmMachine,
  { world, path }: Saving,
  operation: Operation,
): Promise<Saved> {
  const { signal } = operation;
  await requireSavable(machine);
  await giveUpSaving(machine, world, signal);
  const file = join(machine.directory, path);
  // Made here because it holds secrets, and QEMU would let the user's group read it.
  await writeFile(file, "", { mode: 0o600, flag: "wx" });
  let hasRun = false;
  const undo = async () => {
    await rm(file, { force: true });
    if (hasRun) await goOn(machine, world, AbortSignal.timeout(undoTimeoutMs));
  };
  try {
    const asking = { world, signal, timeoutMs: haltTimeoutMs };
    const facts = await askQemu(machine, asking, async (qmp) => {
      const status = await statusOf(qmp);
      hasRun = status === "running";
      await halt(qmp, status);
      await qmp.execute("migrate-set-parameters", { "max-bandwidth": unlimited });
      await qmp.execute("migrate", { uri: `file:${path}` });
      return factsOf(qmp, machine);
    });
    await untilSaved(machine, world, operation);
    await sync(file);
    signal.throwIfAborted();
    return { facts, undo };
  } catch (error) {
    const untilGivenUp = AbortSignal.timeout(undoTimeoutMs);
    await giveUpSaving(machine, world, untilGivenUp).catch(ignoreFailure);
    // What has failed is told; a guest that is still halted goes on at the next start.
    await undo().catch(ignoreFailure);
    throw explained(machine, error);
  }
}

/** QEMU does not save what a guest has opened by 9p. @throws TsmachineError CAPABILITY_MISSING */
async function requireSavable(machine: KvmMachine): Promise<void> {
  const offered = await foldersOfQemu(machine);
  if (offered === undefined || offered.backEnd !== "9p" || offered.folders.length === 0) return;
  throw new TsmachineError(
    "CAPABILITY_MISSING",
    `the memory of machine "${machine.name}" cannot be saved: it has folders of this host by 9p`,
    {
      hints: [
        `stop it first with \`tsmachine stop ${machine.name}\`, or install virtiofsd and restart it`,
      ],
    },
  );
}

/** Bytes a second; QEMU's own limit is meant for networks. */
const unlimited = 2 ** 40;

async function statusOf(qmp: Qmp): Promise<string> {
  return z.object({ status: z.string() }).parse(await qmp.execute("query-status")).status;
}

/** QEMU saves a guest that it has halted for that before only after it has run again. */
async function halt(qmp: Qmp, status: string): Promise<void> {
  if (status === "postmigrate" || status === "finish-migrate") await qmp.execute("cont");
  await qmp.execute("stop");
}

/** Asked, because the record may have other sizes by now, for the next start. */
async function factsOf(qmp: Qmp, machine: KvmMachine): Promise<MemoryFacts> {
  const type = await qmp.execute("qom-get", { path: "/machine", property: "type" });
  const memory = memorySchema.parse(await qmp.execute("query-memory-size-summary"));
  const cpus = z.array(z.unknown()).parse(await qmp.execute("query-cpus-fast"));
  return {
    machineType: z
      .string()
      .parse(type)
      .replace(/-machine$/, ""),
    memoryMiB: memory["base-memory"] / 2 ** 20,
    cpuCount: cpus.length,
    accelerator: acceleratorSchema.safeParse(await acceleratorOfQemu(machine)).data,
    offered: await foldersOfQemu(machine),
  };
}

const memorySchema = z.object({ "base-memory": z.number() });

/** QEMU is silent while it writes the last of it, for as long as the disk takes. */
async function untilSaved(
  machine: KvmMachine,
  world: KvmWorld,
  { signal, report }: Operation,
): Promise<void> {
  const look = async (qmp: Qmp) => {
    const answer = await queryMigration(qmp);
    const { status, ram, "error-desc": reason } = answer;
    if (status === "completed") return true;
    if (status === "failed" || status === "cancelled") {
      throw new TsmachineError(
        "QMP_FAILED",
        `QEMU cannot save the memory of machine "${machine.name}": ${reason ?? status}`,
      );
    }
    if (ram !== undefined) report(`saved ${Math.round(ram.transferred / 2 ** 20)} MiB of memory`);
    return undefined;
  };
  const waitingFor = `the memory of machine "${machine.name}" to be saved`;
  await untilQemu(machine, { world, signal, waitingFor, timeoutMs: saveTimeoutMs }, look);
}

function ignoreFailure(error: unknown): void {
  const isTimeout = error instanceof DOMException && error.name === "TimeoutError";
  if (!(error instanceof TsmachineError) && !isTimeout) throw error;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function explained(machine: KvmMachine, error: unknown): unknown {
  if (!(error instanceof TsmachineError)) return error;
  if (/no space left on device/i.test(error.message)) {
    return new TsmachineError(
      "DISK_FULL",
      `there is no room for the ${machine.memoryMiB} MiB of memory of machine "${machine.name}"`,
      { hints: ["free space on this host's disk"], cause: error },
    );
  }
  if (/vhost-user-fs|vhost-user backend|device.?state/i.test(error.message)) {
    return new TsmachineError("QMP_FAILED", error.message, {
      hints: [
        `install virtiofsd 1.11 or newer and restart the machine, or stop it with \`tsmachine stop ${machine.name}\``,
      ],
      cause: error,
    });
  }
  if (/unknown migration protocol/i.test(error.message)) {
    return new TsmachineError("QMP_FAILED", error.message, {
      hints: ["install QEMU 8.2 or newer, then restart the machine"],
      cause: error,
    });
  }
  return error;
}
