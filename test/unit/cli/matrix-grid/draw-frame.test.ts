import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { createBoard } from "../../../../src/cli/matrix-grid/board.ts";
import { drawFrame } from "../../../../src/cli/matrix-grid/draw-frame.ts";
import type { Paint } from "../../../../src/cli/matrix-grid/paint.ts";
import { cellId } from "../../../../src/matrix/definition/axes.ts";
import type { Cell } from "../../../../src/matrix/definition/matrix.ts";
import { shellCell } from "../../../support/matrix/matrix-world.ts";

const plain: Paint = (_tone, text) => text;
const wide = { columns: 100, rows: 40 };

const cellOf = (axes: Cell["axes"], workload = "selftest") =>
  shellCell(workload, "", { id: cellId(axes), axes });

/** Kernels by engines, row by row. */
const matrixOf = (kernels: readonly string[], engines: readonly string[]) =>
  kernels.flatMap((kernel) => engines.map((engine) => cellOf({ kernel, engine })));

/** A run of the cells 72 seconds after it began; `happen` says what happened, by a clock in ms. */
function frameOf(
  cells: readonly Cell[],
  happen: (
    watch: ReturnType<typeof createBoard>["watch"],
    at: (ms: number) => void,
  ) => void = () => {},
) {
  let nowMs = 0;
  const board = createBoard(cells, () => nowMs);
  happen(board.watch, (ms) => {
    nowMs = ms;
  });
  nowMs = 72_000;
  return { cells: board.cells(), elapsedMs: board.elapsedMs(), step: undefined, isEnding: false };
}

describe("the frame of a run", () => {
  const cells = matrixOf(["5.10", "6.12"], ["26.1", "28.5"]);
  const [a, b, c, d] = cells;
  if (!(a && b && c && d)) throw new Error("no cells");
  const frame = frameOf(cells, (watch, at) => {
    watch(a, { kind: "ended", outcome: "pass" });
    watch(b, { kind: "ended", outcome: "kernel-splat" });
    at(60_000);
    watch(c, { kind: "running" });
  });

  it("has kernels by engines, each cell's state, and a summary", () => {
    expect(drawFrame(frame, wide, plain).map((line) => line.trimEnd())).toEqual([
      "selftest",
      "kernel  26.1              28.5",
      "5.10    ✓ pass            ✸ kernel-splat",
      "6.12    » running 12 s    - waiting",
      "",
      "2 of 4 cells done in 1:12: 1 kernel-splat, 1 pass",
    ]);
  });

  it("has signs alone where words have no room", () => {
    const lines = drawFrame(frame, { ...wide, columns: 60 }, plain);
    expect(lines[2]).toContain("✓ pass");
    const many = matrixOf(["5.10", "6.12"], ["20.10", "26.1", "27.5", "28.5", "29.0"]);
    expect(drawFrame(frameOf(many), { ...wide, columns: 60 }, plain)).toEqual([
      "selftest",
      "kernel  20.10  26.1  27.5  28.5  29.0",
      "5.10    -      -     -     -     -   ".trimEnd().padEnd(37),
      "6.12    -      -     -     -     -   ".trimEnd().padEnd(37),
      "",
      "- waiting  ↓ preparing  ↑ booting  » running",
      "0 of 10 cells done in 1:12",
    ]);
  });

  it("lists cells that say something where a grid has no room", () => {
    expect(drawFrame(frame, { columns: 40, rows: 6 }, plain)).toEqual([
      "» 6.12/26.1 selftest running 12 s",
      "✸ 5.10/28.5 selftest kernel-splat",
      "2 of 4 cells done in 1:12: 1 kernel-sp…",
    ]);
  });

  it("says how many cells more there are", () => {
    const many = matrixOf(["1", "2", "3", "4", "5", "6"], ["26.1"]);
    const busy = frameOf(many, (watch) => {
      for (const cell of many) watch(cell, { kind: "booting" });
    });
    expect(drawFrame(busy, { columns: 60, rows: 6 }, plain)).toEqual([
      "↑ 1/26.1 selftest booting 1:12",
      "↑ 2/26.1 selftest booting 1:12",
      "and 4 more",
      "0 of 6 cells done in 1:12",
    ]);
  });

  it("has a grid for each workload and combination of further axes", () => {
    const several = [
      cellOf({ kernel: "6.12", engine: "26.1" }),
      cellOf({ kernel: "6.12", engine: "26.1", storageDriver: "vfs" }),
      cellOf({ kernel: "6.12", engine: "26.1" }, "rules"),
    ];
    const lines = drawFrame(frameOf(several), wide, plain);
    expect(lines.filter((_line, index) => index % 4 === 0)).toEqual([
      "selftest",
      "selftest, storage-driver=vfs",
      "rules",
      "0 of 3 cells done in 1:12",
    ]);
  });

  it("says what is prepared, and that a run was cancelled", () => {
    const ending = { ...frame, step: "Images for 6.12 and 26.1: 45 %", isEnding: true };
    expect(drawFrame(ending, wide, plain).slice(-2)).toEqual([
      "Images for 6.12 and 26.1: 45 %",
      "2 of 4 cells done in 1:12: 1 kernel-splat, 1 pass; cancelled, removing machines",
    ]);
  });

  it("takes what moves the cursor out of names, and counts wide characters", () => {
    const odd = [
      cellOf({ kernel: "核\u001b[2J", engine: "26.1" }),
      cellOf({ kernel: "6", engine: "26.1" }),
    ];
    const lines = drawFrame(frameOf(odd), wide, plain).map((line) => line.trimEnd());
    expect(lines.slice(2, 4)).toEqual(["核      - waiting", "6       - waiting"]);
  });

  it("is neither wider nor higher than any terminal", () => {
    const painted: Paint = (_tone, text) => `\u001b[31m${text}\u001b[39m`;
    const many = matrixOf(
      Array.from({ length: 14 }, (_, index) => `6.${index}`),
      ["20.10", "26.1", "28.5"],
    );
    const busy = frameOf(many, (watch) => {
      for (const cell of many) watch(cell, { kind: "preparing" });
    });
    const named = {
      ...busy,
      step: "Images for 6.12 and 26.1: Preparing the boot image: 核".repeat(4),
    };
    for (let columns = 2; columns < 120; columns += 9) {
      for (let rows = 2; rows < 40; rows += 3) {
        const lines = drawFrame(named, { columns, rows }, painted).map(stripVTControlCharacters);
        expect(lines.length).toBeLessThan(rows);
        expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThan(columns);
      }
    }
  });
});
