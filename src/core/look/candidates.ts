import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
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
  const candidates = await Promise.all(names.map((name) => readCandidate(store, name)));
  return candidates.flatMap((candidate) => candidate ?? []);
}

/** Undefined when it has been removed just now. */
async function readCandidate(
  store: Context["store"],
  name: string,
): Promise<Candidate | undefined> {
  try {
    return { name, record: await store.readMachine(name) };
  } catch (error) {
    if (error instanceof TsmachineError && error.code === "MACHINE_NOT_FOUND") return undefined;
    return { name, error: messageOf(error) };
  }
}
