import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";

/** A machine of the store, with its record or with why that cannot be read. */
export interface Candidate {
  readonly name: string;
  readonly record?: MachineRecord;
  readonly error?: string;
}

/** All machines, node2 before node10; one with a damaged record is no reason not to see the others. */
export async function readCandidates({ store }: Pick<Context, "store">): Promise<Candidate[]> {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const names = [...(await store.listMachineNames())].sort(compare);
  return Promise.all(names.map((name) => readCandidate(store, name)));
}

async function readCandidate(store: Context["store"], name: string): Promise<Candidate> {
  try {
    return { name, record: await store.readMachine(name) };
  } catch (error) {
    return { name, error: error instanceof Error ? error.message : String(error) };
  }
}
