import * as z from "zod";
import { readTextIfPresent, removeFile, syncDirectory } from "../../../host/files/files.ts";
import { acceleratorSchema } from "../preflight/accelerator.ts";
import { isPresent } from "../process/qemu-process.ts";
import { type KvmMachine, pathOf } from "../record.ts";
import { offeredFoldersSchema } from "../sharing/offered-folders.ts";

const countSchema = z.number().int().positive();

/** What must be known of a guest's memory that was saved, besides its bytes. */
const memoryFactsSchema = z.object({
  /**
   * The exact type of the machine, such as "pc-q35-10.0": a newer QEMU has other hardware under the general
   * name, and takes the memory only under this one.
   */
  machineType: z.string().min(1).optional(),
  /** The machine's when its memory was saved: its next boot may be with others. */
  memoryMiB: countSchema.optional(),
  cpuCount: countSchema.optional(),
  /** Each has a processor of its own, and a guest that goes on expects the one that it had. */
  accelerator: acceleratorSchema.optional(),
  /** Its devices for shared folders, which it goes on to use. */
  offered: offeredFoldersSchema.optional(),
});
export type MemoryFacts = z.infer<typeof memoryFactsSchema>;

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

/**
 * From now on the machine boots at its next start, also after a power failure: the disk changes, and the memory must
 * not be there again beside it.
 */
export async function discardMemory(machine: KvmMachine): Promise<void> {
  if (!(await isPresent(machine, "memory"))) return;
  await removeFile(pathOf(machine, "memory"));
  await removeFile(pathOf(machine, "memoryFacts"));
  await syncDirectory(machine.directory);
}
