import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readContainerLimits, withinLimits } from "../../../src/host/container-limits.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const host = { totalMemoryMiB: 16_000, availableMemoryMiB: 8_000, cpuCount: 4 };
const none = { memory: 0, availableMemory: 1 << 20, cpuCount: 8 };
const mebibytes = (count: number) => count * 2 ** 20;

test.each([
  ["a host without a limit has what it has", none, {}],
  ["a limit above what there is is none", { ...none, memory: 2 ** 63 }, {}],
  [
    "a limit of memory is all that there is",
    { ...none, memory: mebibytes(2_000), availableMemory: mebibytes(1_500) },
    { totalMemoryMiB: 2_000, availableMemoryMiB: 1_500 },
  ],
  [
    "of a limit no more is left than of the host",
    { ...none, memory: mebibytes(15_000), availableMemory: mebibytes(14_000) },
    { totalMemoryMiB: 15_000 },
  ],
  ["fewer processors are fewer", { ...none, cpuCount: 1 }, { cpuCount: 1 }],
])("%s", (_title, limits, changes) => {
  expect(withinLimits(host, limits)).toEqual({ ...host, ...changes });
});

test.each([
  ["max 100000\n", availableParallelism()],
  ["150000 100000\n", 1],
  ["50000 100000\n", 1],
  [undefined, availableParallelism()],
])("of the quota %j %i processors are left", async (quota, expected) => {
  const folder = await temporaryDirectory();
  if (quota !== undefined) await writeFile(join(folder, "cpu.max"), quota);
  expect((await readContainerLimits(folder)).cpuCount).toBe(expected);
});
