import type { Context } from "../../core/context.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";

export interface KeptWish {
  readonly cell: string;
  /** Must be there where machines of several workloads were kept. */
  readonly workload: string | undefined;
}

interface Kept {
  readonly cell: string;
  readonly workload: string | undefined;
  readonly record: MachineRecord;
}

/**
 * The machine that was kept of a cell; of several runs' the newest.
 * @throws TsmachineError MACHINE_NOT_FOUND, with the cells whose machines were kept; INVALID_INPUT when it is not said
 *   which workload's is meant
 */
export async function findKept(
  { store }: Context,
  { cell, workload }: KeptWish,
): Promise<MachineRecord> {
  const kept: Kept[] = [];
  for (const name of await store.listMachineNames()) {
    const record = await readIfSound(store, name);
    if (record?.cell === undefined || record.user !== undefined) continue;
    kept.push({ cell: record.cell, workload: record.workload, record });
  }
  const found = kept
    .filter((one) => one.cell === cell && (workload ?? one.workload) === one.workload)
    .sort((one, other) => other.record.createdAt.localeCompare(one.record.createdAt));
  const [newest] = found;
  if (newest === undefined) throw noneKept({ cell, workload }, kept);
  const workloads = namesOf(found.filter((one) => one.workload !== newest.workload));
  if (workloads.length === 0) return newest.record;
  throw new TsmachineError(
    "INVALID_INPUT",
    `machines of several workloads of cell "${cell}" were kept`,
    {
      hints: [`name one: ${[...namesOf([newest]), ...workloads].join(", ")}`],
      context: { cell },
    },
  );
}

function noneKept({ cell, workload }: KeptWish, kept: readonly Kept[]): TsmachineError {
  const what =
    workload === undefined ? `cell "${cell}"` : `cell "${cell}", workload "${workload}",`;
  const names = namesOf(kept);
  return new TsmachineError("MACHINE_NOT_FOUND", `no machine of ${what} was kept`, {
    hints: [
      names.length === 0
        ? "run the matrix with --keep-failed, which keeps the machines of cells that fail"
        : `choose one of: ${names.join(", ")}`,
    ],
    context: { cell },
  });
}

/** As `matrix shell` takes them. */
function namesOf(kept: readonly Kept[]): string[] {
  return [
    ...new Set(
      kept.map(({ cell, workload }) =>
        [cell, ...(workload === undefined ? [] : [workload])].join(" "),
      ),
    ),
  ];
}

/** Undefined for a record that cannot be read: it may be of any machine. */
async function readIfSound(
  store: Context["store"],
  name: string,
): Promise<MachineRecord | undefined> {
  try {
    return await store.readMachine(name);
  } catch (error) {
    if (error instanceof TsmachineError) return undefined;
    throw error;
  }
}
