import { randomUUID } from "node:crypto";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { copySparse } from "../../../host/files/copy-sparse.ts";
import {
  makePrivateDirectory,
  moveIntoPlace,
  temporaryPathFor,
  unlessMissing,
  writeFileAtomic,
} from "../../../host/files/files.ts";
import type { Operation } from "../../provider.ts";
import { saveMemory } from "../memory/save-memory.ts";
import { formatMemoryFacts } from "../memory/saved-memory.ts";
import { goOn } from "../process/go-on.ts";
import { powerOf } from "../process/power.ts";
import { isPresent } from "../process/qemu-process.ts";
import { type KvmMachine, pathOf } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { type SnapshotFacts, snapshotFiles } from "./stored.ts";

/**
 * Copies the disk, and the memory of a guest that runs, which is halted meanwhile. The snapshot is there when it is
 * whole, or not at all.
 * @throws TsmachineError MACHINE_NOT_RUNNING for a machine that is on its way up or down; those of saveMemory
 */
export async function takeSnapshot(
  machine: KvmMachine,
  { world, label }: { readonly world: KvmWorld; readonly label: string },
  operation: Operation,
): Promise<void> {
  const parent = pathOf(machine, "snapshots");
  await makePrivateDirectory(parent);
  const folder = join(parent, randomUUID());
  const partial = temporaryPathFor(folder);
  await mkdir(partial, { mode: 0o700 });
  try {
    await copyState(machine, { world, folder: partial }, operation);
    const facts: SnapshotFacts = { label, takenAt: new Date().toISOString() };
    await writeFileAtomic(join(partial, snapshotFiles.facts), `${JSON.stringify(facts)}\n`);
    await moveIntoPlace(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

interface Copy {
  readonly world: KvmWorld;
  readonly folder: string;
}

async function copyState(
  machine: KvmMachine,
  { world, folder }: Copy,
  operation: Operation,
): Promise<void> {
  const power = await powerOf(machine, world, operation.signal);
  if (power === "stopped") return copyDisk(machine, folder, operation);
  // Halted beside its saved memory by a command that was killed, it has not run since.
  if (power === "suspended" || (power === "paused" && (await isPresent(machine, "memory")))) {
    await copySavedMemory(machine, folder, operation);
    return copyDisk(machine, folder, operation);
  }
  if (power !== "running" && power !== "paused") throw unsettled(machine);
  const path = relative(machine.directory, join(folder, snapshotFiles.memory));
  const saved = await saveMemory(machine, { world, path }, operation);
  try {
    await writeFile(join(folder, snapshotFiles.memoryFacts), formatMemoryFacts(saved.facts), {
      mode: 0o600,
    });
    await copyDisk(machine, folder, operation);
  } finally {
    // One that somebody has paused stays so.
    if (power === "running") await goOn(machine, world, AbortSignal.timeout(goOnLimitMs));
  }
}

/** Also after Ctrl-C. */
const goOnLimitMs = 30_000;

function copyDisk(machine: KvmMachine, folder: string, operation: Operation): Promise<void> {
  return copySparse(pathOf(machine, "dataDisk"), join(folder, snapshotFiles.disk), {
    signal: operation.signal,
    onProgress: (share) => operation.report(`copied ${Math.floor(share * 100)} % of the disk`),
  });
}

async function copySavedMemory(
  machine: KvmMachine,
  folder: string,
  { signal }: Operation,
): Promise<void> {
  await copySparse(pathOf(machine, "memory"), join(folder, snapshotFiles.memory), { signal });
  const facts = join(folder, snapshotFiles.memoryFacts);
  await unlessMissing(copyFile(pathOf(machine, "memoryFacts"), facts));
}

function unsettled({ name }: KvmMachine): TsmachineError {
  return new TsmachineError(
    "MACHINE_NOT_RUNNING",
    `machine "${name}" is on its way up or down, and its state cannot be kept`,
    { hints: [`wait until \`tsmachine status ${name}\` says Running or Stopped`] },
  );
}
