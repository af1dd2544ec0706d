import { rm } from "node:fs/promises";
import * as z from "zod";
import { readTextIfPresent } from "../../../host/files/files.ts";
import { isPresent } from "../process/qemu-process.ts";
import { type KvmMachine, pathOf } from "../record.ts";

/** What must be known of a guest's memory that was saved, besides its bytes. */
export interface MemoryFacts {
  /**
   * The exact type of the machine, such as "pc-q35-10.0": a newer QEMU has other hardware under the general
   * name, and takes the memory only under this one. Absent where it is not known.
   */
  readonly machineType?: string | undefined;
  /** The machine's when its memory was saved: the next boot may be with others. */
  readonly memoryMiB?: number | undefined;
  readonly cpuCount?: number | undefined;
}

const countSchema = z.number().int().positive();
const memoryFactsSchema = z.object({
  machineType: z.string().min(1),
  memoryMiB: countSchema,
  cpuCount: countSchema,
});

/** Undefined when no memory of the machine is saved: it boots at its next start. */
export async function readSavedMemory(machine: KvmMachine): Promise<MemoryFacts | undefined> {
  if (!(await isPresent(machine, "memory"))) return undefined;
  return parseMemoryFacts(await readTextIfPresent(pathOf(machine, "memoryFacts")));
}

export function formatMemoryFacts(facts: MemoryFacts): string {
  return `${JSON.stringify(facts)}\n`;
}

/** Nothing is known of memory whose facts are lost; QEMU says so if that matters. */
function parseMemoryFacts(text = "{}"): MemoryFacts {
  try {
    return memoryFactsSchema.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}

/** From now on the machine boots at its next start. */
export async function discardMemory(machine: Pick<KvmMachine, "directory">): Promise<void> {
  await rm(pathOf(machine, "memory"), { force: true });
  await rm(pathOf(machine, "memoryFacts"), { force: true });
}
