import * as fc from "fast-check";
import { expect, test } from "vitest";
import { githubPlan } from "../../../../src/matrix/plan/github-plan.ts";
import { planRows } from "../../../../src/matrix/plan/plan-rows.ts";
import { parseShard, shard } from "../../../../src/matrix/plan/shard.ts";
import { anyMatrix, matrixOf } from "./cells.ts";

const matrix = matrixOf([
  ["6.1", "26.1"],
  ["6.12", "26.1"],
  ["6.1", "28.5"],
]);

test("a plan has a job for each shard, with what it runs", () => {
  expect(githubPlan(matrix, 2)).toEqual({
    include: [
      { shard: "1/2", cell: "6.1/26.1, 6.1/28.5", kernel: "6.1", engine: "26.1, 28.5" },
      { shard: "2/2", cell: "6.12/26.1", kernel: "6.12", engine: "26.1" },
    ],
  });
});

test("no job of a plan is without cells", () => {
  const { include } = githubPlan(matrix, 10);
  expect(include.map(({ shard: text }) => text)).toEqual(["1/3", "2/3", "3/3"]);
});

test("the shards of the jobs are all cells, and the rows say the same", () => {
  void fc.assert(
    fc.property(anyMatrix, fc.integer({ min: 1, max: 20 }), (some, count) => {
      const { include } = githubPlan(some, count);
      const parts = include.map((job) => shard(some, parseShard(job.shard)).cells);
      expect(new Set(parts.flat())).toEqual(new Set(some.cells));
      const rows = planRows(some, include.length);
      expect(rows.map(({ workload }) => workload)).toEqual(
        some.cells.map(({ workload }) => workload.name),
      );
      for (const [index, cell] of some.cells.entries()) {
        expect(parts[(rows[index]?.shard ?? 0) - 1]).toContain(cell);
      }
    }),
  );
});

test("more jobs than GitHub starts are refused by their number", () => {
  const large = matrixOf(Array.from({ length: 300 }, (_, index) => [`6.${index}`, "26.1"]));
  expect(githubPlan(large, 256).include).toHaveLength(256);
  expect(() => githubPlan(large, 300)).toThrow(
    expect.objectContaining({ code: "INVALID_INPUT", message: expect.stringContaining("300") }),
  );
});

test("a row says what is expected, and why", () => {
  const [first, ...others] = matrix.cells;
  if (first === undefined) throw new Error("no cell");
  const cells = [{ ...first, xfail: "known" }, ...others];
  expect(planRows({ ...matrix, cells }, 1)[0]).toEqual({
    ...{ shard: 1, cell: "6.1/26.1", kernel: "6.1", engine: "26.1", workload: "w0" },
    ...{ expected: "fail", reason: "known" },
  });
});
