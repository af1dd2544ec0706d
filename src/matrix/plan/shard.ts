import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Cell, Matrix } from "../definition/matrix.ts";

/** One of the parts that a matrix is run in. */
export interface ShardChoice {
  /** From 1 to count. */
  readonly index: number;
  readonly count: number;
}

/** "2/5" is the second of five. @throws TsmachineError INVALID_INPUT */
export function parseShard(text: string): ShardChoice {
  const [, index, count] = /^([0-9]{1,4})\/([0-9]{1,4})$/.exec(text) ?? [];
  const choice = { index: Number(index), count: Number(count) };
  if (choice.index >= 1 && choice.index <= choice.count) return choice;
  throw new TsmachineError("INVALID_INPUT", `--shard "${text}" names no part of a matrix`, {
    hints: ["give the part's number and how many there are, as in --shard 2/5"],
  });
}

/** The matrix with the cells of one shard alone, in their order; none where there are more shards than cells. */
export function shard<Some extends Matrix>(matrix: Some, { index, count }: ShardChoice): Some {
  const chosen = new Set(shardsOf(matrix.cells, count)[index - 1]);
  return { ...matrix, cells: matrix.cells.filter((cell) => chosen.has(cell)) };
}

/**
 * The cells in `count` shards whose sizes differ by at most one. What decides is the order of the cells
 * and which have the same kernel: those are kept together as far as the sizes allow, so that few images are
 * built twice.
 */
export function shardsOf(cells: readonly Cell[], count: number): readonly (readonly Cell[])[] {
  const ordered = byKernel(cells);
  const isBoundary = (at: number) => ordered[at]?.axes.kernel !== ordered[at - 1]?.axes.kernel;
  const least = Math.floor(cells.length / count);
  let larger = cells.length % count;
  let begin = 0;
  return Array.from({ length: count }, (_, index) => {
    const mayChoose = least > 0 && larger < count - index;
    const endsWell = isBoundary(begin + least) && !isBoundary(begin + least + 1);
    const isLarger = larger > 0 && !(mayChoose && endsWell);
    const end = begin + least + (isLarger ? 1 : 0);
    larger -= isLarger ? 1 : 0;
    const part = ordered.slice(begin, end);
    begin = end;
    return part;
  });
}

/** The cells of each kernel one after the other, kernels and cells otherwise in their order. */
function byKernel(cells: readonly Cell[]): readonly Cell[] {
  const kernels = new Set(cells.map(({ axes }) => axes.kernel));
  return [...kernels].flatMap((kernel) => cells.filter(({ axes }) => axes.kernel === kernel));
}
