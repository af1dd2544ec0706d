import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { poll } from "../../../host/poll.ts";
import type { Operation } from "../../provider.ts";
import { askQemu } from "../process/ask-qemu.ts";
import type { Qmp } from "../qmp/qmp.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import type { MemoryFacts } from "./saved-memory.ts";

const lookEveryMs = 100;
/** Gigabytes are written to slow disks. */
const limitMs = 15 * 60_000;
const undoLimitMs = 5_000;

/**
 * Halts the guest and writes its memory, with the state of its devices, into a file of the machine's folder. The
 * guest stays halted, and its disk as it is then; `cont` lets it go on.
 * @param path of a file that is not there yet, relative to the machine's folder
 * @throws TsmachineError QMP_FAILED with QEMU's reason, DISK_FULL, TIMEOUT; then the guest goes on, and there is no file.
 */
export async function saveMemory(
  machine: KvmMachine,
  { world, path }: { readonly world: KvmWorld; readonly path: string },
  operation: Operation,
): Promise<MemoryFacts> {
  const { signal } = operation;
  const file = join(machine.directory, path);
  // Made here because it holds secrets, and QEMU would let the user's group read it.
  await writeFile(file, "", { mode: 0o600, flag: "wx" });
  try {
    const facts = await askQemu(machine, { world, signal }, async (qmp) => {
      const facts = await factsOf(qmp);
      await qmp.execute("stop");
      await qmp.execute("migrate-set-parameters", { "max-bandwidth": unlimited });
      await qmp.execute("migrate", { uri: `file:${path}` });
      return facts;
    });
    await untilSaved(machine, world, operation);
    await sync(file);
    return facts;
  } catch (error) {
    await goOn(machine, world);
    await rm(file, { force: true });
    throw explained(machine, error);
  }
}

/** Asked, because the record may have other sizes by now, for the next start. */
async function factsOf(qmp: Qmp): Promise<MemoryFacts> {
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
  };
}

const memorySchema = z.object({ "base-memory": z.number() });

/** Bytes a second; QEMU's own limit is meant for networks. */
const unlimited = 2 ** 40;

/** MigrationInfo of QEMU's qapi/migration.json. */
const migrationSchema = z.object({
  status: z.string().optional(),
  "error-desc": z.string().optional(),
  ram: z.object({ transferred: z.number(), total: z.number() }).optional(),
});

async function untilSaved(
  machine: KvmMachine,
  world: KvmWorld,
  { signal, report }: Operation,
): Promise<void> {
  const look = async () => {
    const answer = await askQemu(machine, { world, signal }, (qmp) => qmp.execute("query-migrate"));
    const { status, ram, "error-desc": reason } = migrationSchema.parse(answer);
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
  await poll(look, { waitingFor, everyMs: lookEveryMs, timeoutMs: limitMs, signal });
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** As well as can be: what has failed is told by the error that led here. */
async function goOn(machine: KvmMachine, world: KvmWorld): Promise<void> {
  const signal = AbortSignal.timeout(undoLimitMs);
  try {
    await askQemu(machine, { world, signal }, async (qmp) => {
      await qmp.execute("migrate_cancel");
      await qmp.execute("cont");
    });
  } catch (error) {
    if (!(error instanceof TsmachineError) && !signal.aborted) throw error;
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
  if (/unknown migration protocol/i.test(error.message)) {
    return new TsmachineError("QMP_FAILED", error.message, {
      hints: ["install QEMU 8.2 or newer, then restart the machine"],
      cause: error,
    });
  }
  return error;
}
