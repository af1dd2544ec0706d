import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseShard, shard, shardsOf } from "../../../../src/matrix/plan/shard.ts";
import { anyMatrix, matrixOf } from "./cells.ts";

const anyCount = fc.integer({ min: 1, max: 70 });
const indexes = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test("each cell is in exactly one shard, and the shards' sizes differ by one at most", () => {
  void fc.assert(
    fc.property(anyMatrix, anyCount, (matrix, count) => {
      const parts = indexes(count).map((index) => shard(matrix, { index, count }).cells);
      const sizes = parts.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(matrix.cells.length);
      expect(new Set(parts.flat())).toEqual(new Set(matrix.cells));
    }),
  );
});

test("cells in a shard have the order of the matrix", () => {
  void fc.assert(
    fc.property(anyMatrix, anyCount, (matrix, count) => {
      for (const index of indexes(count)) {
        const { cells } = shard(matrix, { index, count });
        expect(cells).toEqual(matrix.cells.filter((cell) => cells.includes(cell)));
      }
    }),
  );
});

test("no more images are built in all shards than there are kernels and cuts", () => {
  void fc.assert(
    fc.property(anyMatrix, anyCount, ({ cells }, count) => {
      const kernelsOf = (part: typeof cells) => new Set(part.map(({ axes }) => axes.kernel)).size;
      const built = shardsOf(cells, count).reduce((sum, part) => sum + kernelsOf(part), 0);
      expect(built).toBeLessThanOrEqual(kernelsOf(cells) + count - 1);
    }),
  );
});

test("what the cells run decides nothing: another process finds the same shards", () => {
  void fc.assert(
    fc.property(anyMatrix, anyCount, ({ cells }, count) => {
      const copies = structuredClone(cells);
      expect(shardsOf(copies, count)).toEqual(shardsOf(cells, count));
    }),
  );
});

test("kernels whose cells fit a shard are not torn apart", () => {
  const { cells } = matrixOf(
    ["a", "b", "c"].flatMap((kernel) => [
      [kernel, "1"],
      [kernel, "2"],
    ]),
  );
  const kernels = (count: number) =>
    shardsOf(cells, count).map((part) => part.map(({ axes }) => axes.kernel).join(""));
  expect(kernels(2)).toEqual(["aab", "bcc"]);
  expect(kernels(3)).toEqual(["aa", "bb", "cc"]);
  expect(kernels(4)).toEqual(["aa", "bb", "c", "c"]);
});

test("where there are more shards than cells, the last ones have none", () => {
  const { cells } = matrixOf(Array.from({ length: 3 }, (_, index) => ["a", `${index}`]));
  expect(shardsOf(cells, 5).map(({ length }) => length)).toEqual([1, 1, 1, 0, 0]);
});

test("a shard is written as its number and how many there are", () => {
  expect(parseShard("2/5")).toEqual({ index: 2, count: 5 });
  for (const wrong of ["0/5", "6/5", "2", "2/", "a/b", "-1/2", "1/2/3", "1/00000"]) {
    expect(() => parseShard(wrong), wrong).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", message: expect.stringContaining(wrong) }),
    );
  }
});
