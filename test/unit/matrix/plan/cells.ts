import { resolve } from "node:path";
import * as fc from "fast-check";
import { cellId } from "../../../../src/matrix/definition/axes.ts";
import type { Cell, Matrix } from "../../../../src/matrix/definition/matrix.ts";

export function matrixOf(pairs: readonly (readonly [kernel: string, engine: string])[]): Matrix {
  const cells = pairs.map(([kernel, engine], index): Cell => {
    const axes = { kernel, engine };
    return { id: cellId(axes), axes, workload: workload(`w${index}`) };
  });
  return { name: "matrix", kernels: {}, engines: {}, cells };
}

/** Matrices of up to 60 cells on up to 6 kernels in any order. */
export const anyMatrix: fc.Arbitrary<Matrix> = fc
  .array(
    fc.tuple(fc.constantFrom("5.10", "6.1", "6.6", "6.12", "6.18", "7.3"), fc.constant("26.1")),
    {
      maxLength: 60,
    },
  )
  .map(matrixOf);

function workload(name: string): Cell["workload"] {
  return {
    ...{ name, load: [], copy: [], command: ["true"], runs: "host", directory: resolve(".") },
    ...{ timeoutMs: 1000, kernelArguments: [], allowedSplats: [] },
  };
}
