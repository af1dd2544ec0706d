import { expect, test } from "vitest";
import { nearestWord } from "../../../../src/matrix/definition/source/nearest-word.ts";

const known = ["kernel", "engine", "storage-driver", "cpus", "copy", "run"];

test.each([
  ["kernal", "kernel"],
  ["kernels", "kernel"],
  ["engnie", "engine"],
  ["Storage_Driver", "storage-driver"],
  ["storageDrivers", "storage-driver"],
  ["cpu", "cpus"],
  ["rum", "run"],
  ["colour", undefined],
  ["", undefined],
])("%s means %s", (written, meant) => {
  expect(nearestWord(written, known)).toBe(meant);
});
