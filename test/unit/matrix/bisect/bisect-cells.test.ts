import { expect, test } from "vitest";
import { bisectCells } from "../../../../src/matrix/bisect/bisect-cells.ts";
import type { Outcome } from "../../../../src/matrix/report/outcome.ts";
import { matrixOf } from "../plan/cells.ts";

const { cells } = matrixOf(["5.10", "6.1", "6.12"].map((kernel) => [kernel, "26.1"]));

const bisect = (outcomes: readonly Outcome[]) =>
  bisectCells(cells, async (cell) => ({
    ...{ cell: cell.id, workload: "w", axes: cell.axes, reason: "why", attempts: 1 },
    outcome: outcomes[cells.indexOf(cell)] ?? "not-run",
    ...{ timings: { totalMs: 1 }, output: "", console: "", splats: [] },
  }));

test("what both sides of the change came to is told, and nothing of the definition", async () => {
  const found = await bisect(["pass", "pass", "boot-fail"]);
  expect(found.schemaVersion).toBe(1);
  expect(found.results.map(({ cell }) => cell)).toEqual(["5.10/26.1", "6.1/26.1", "6.12/26.1"]);
  expect(found.change).toEqual({
    last: { cell: "6.1/26.1", outcome: "pass", reason: "why" },
    first: { cell: "6.12/26.1", outcome: "boot-fail", reason: "why" },
    behaviour: "fails",
  });
  expect(JSON.stringify(found)).not.toContain("directory");
});

test("of both ends that fail, however they do, no change is told", async () => {
  expect(await bisect(["unsupported", "pass", "fail"])).not.toHaveProperty("change");
});

test("a cell of which nothing is known ends the search", async () => {
  await expect(bisect(["pass", "infra", "fail"])).rejects.toMatchObject({
    code: "MATRIX_UNDECIDED",
  });
});
