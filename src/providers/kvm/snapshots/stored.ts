import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { readTextIfPresent, temporaryOwner, unlessMissing } from "../../../host/files/files.ts";
import { type KvmMachine, pathOf } from "../record.ts";

/** Names inside a snapshot's folder. `memory` is there when the guest ran. */
export const snapshotFiles = {
  facts: "snapshot.json",
  disk: "data.raw",
  memory: "memory.state",
  memoryFacts: "memory.json",
} as const;

const factsSchema = z.object({
  label: z.string().min(1),
  /** ISO 8601, UTC. */
  takenAt: z.string(),
});
export type SnapshotFacts = z.infer<typeof factsSchema>;

export interface StoredSnapshot extends SnapshotFacts {
  readonly folder: string;
}

/** The whole ones, oldest first. */
export async function storedSnapshots(
  machine: Pick<KvmMachine, "directory">,
): Promise<readonly StoredSnapshot[]> {
  const parent = pathOf(machine, "snapshots");
  const names = (await unlessMissing(readdir(parent))) ?? [];
  const found: StoredSnapshot[] = [];
  for (const name of names) {
    if (temporaryOwner(name) !== undefined) continue;
    const folder = join(parent, name);
    const text = await readTextIfPresent(join(folder, snapshotFiles.facts));
    const facts = text === undefined ? undefined : parseFacts(text);
    if (facts !== undefined) found.push({ ...facts, folder });
  }
  return found.sort((a, b) => (a.takenAt < b.takenAt ? -1 : 1));
}

function parseFacts(text: string): SnapshotFacts | undefined {
  try {
    return factsSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
