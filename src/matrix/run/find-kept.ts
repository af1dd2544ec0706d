import type { Context } from "../../core/context.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";

/**
 * The machine that was kept of a cell; of several the newest.
 * @throws TsmachineError MACHINE_NOT_FOUND, with the cells whose machines were kept
 */
export async function findKept({ store }: Context, cell: string): Promise<MachineRecord> {
  const kept: (MachineRecord & { readonly cell: string })[] = [];
  for (const name of await store.listMachineNames()) {
    const record = await readIfSound(store, name);
    if (record?.cell === undefined || record.user !== undefined) continue;
    kept.push({ ...record, cell: record.cell });
  }
  const found = kept
    .filter((record) => record.cell === cell)
    .sort((one, other) => other.createdAt.localeCompare(one.createdAt))
    .at(0);
  if (found !== undefined) return found;
  const cells = [...new Set(kept.map((record) => record.cell))];
  throw new TsmachineError("MACHINE_NOT_FOUND", `no machine of cell "${cell}" was kept`, {
    hints: [
      cells.length === 0
        ? "run the matrix with --keep-failed, which keeps the machines of cells that fail"
        : `choose one of: ${cells.join(", ")}`,
    ],
    context: { cell },
  });
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
