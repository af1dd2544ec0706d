import { expect, test } from "vitest";
import { jobsThatFit } from "../../../../src/matrix/run/capacity.ts";

const host = { totalMemoryMiB: 16_000, availableMemoryMiB: 8_000, cpuCount: 4 };
const cell = { kernel: "6.1", engine: "26.1" };

test.each([
  ["a processor each", [cell], host, 4],
  ["the memory that is available", [cell], { ...host, availableMemoryMiB: 3_000 }, 2],
  ["the largest machine's memory", [cell, { ...cell, memoryMiB: 3_000 }], host, 2],
  ["the largest machine's processors", [cell, { ...cell, cpus: 2 }], host, 2],
  ["one at least", [{ ...cell, cpus: 8, memoryMiB: 64_000 }], host, 1],
])("as many cells as there is %s", (_title, cells, resources, expected) => {
  expect(jobsThatFit(cells, resources)).toBe(expected);
});
