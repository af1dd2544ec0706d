import * as z from "zod";
import { readProcessUsage } from "../../../host/processes/process-usage.ts";
import type { Usage } from "../../provider.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { askQemu, isQemuSilent } from "./ask-qemu.ts";
import { dataDiskNode } from "./qemu-arguments.ts";
import { findQemuProcess } from "./qemu-process.ts";

/** What QEMU's process takes, and what the guest has read and written; a QEMU that does not answer still has a process. */
export async function usageOf(
  machine: KvmMachine,
  world: KvmWorld,
  signal: AbortSignal,
): Promise<Usage | undefined> {
  const qemu = await findQemuProcess(machine, world, signal);
  if (qemu === undefined) return undefined;
  const [process, disk] = await Promise.all([
    readProcessUsage(qemu.pid, world.platform),
    askDiskUsage(machine, world, signal),
  ]);
  return { ...process, ...disk };
}

async function askDiskUsage(
  machine: KvmMachine,
  world: KvmWorld,
  signal: AbortSignal,
): Promise<Usage> {
  try {
    return await askQemu(machine, { world, signal }, async (qmp) =>
      parseDiskUsage(await qmp.execute("query-blockstats")),
    );
  } catch (error) {
    if (isQemuSilent(error)) return {};
    throw error;
  }
}

/** BlockStats of QEMU's qapi/block-core.json. */
const blockStatsSchema = z.array(
  z.object({
    "node-name": z.string().optional(),
    stats: z.object({ rd_bytes: z.number(), wr_bytes: z.number() }),
  }),
);

/** Of the data disk, from what `query-blockstats` returns; nothing where it says nothing of that disk. */
export function parseDiskUsage(answer: unknown): Usage {
  const disks = blockStatsSchema.safeParse(answer).data ?? [];
  const stats = disks.find((disk) => disk["node-name"] === dataDiskNode)?.stats;
  if (stats === undefined) return {};
  return { diskReadBytes: stats.rd_bytes, diskWrittenBytes: stats.wr_bytes };
}
