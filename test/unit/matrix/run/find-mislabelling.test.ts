import { describe, expect, test } from "vitest";
import { findMislabelling, type Labels } from "../../../../src/matrix/run/find-mislabelling.ts";

const kernelRelease = "6.12.107+deb13-cloud-amd64";
const found = { kernelRelease, engineVersion: "26.1.5+dfsg1" };
const built = { kernelRelease, engineVersion: "26.1.5" };
const labels: Labels = {
  axes: { kernel: "6.12", engine: "26.1" },
  kernels: {},
  engines: {},
  built,
};

describe("a machine is what its cell is called by", () => {
  test.each<[string, Partial<typeof found>, Partial<Labels>]>([
    ["when both are of their images", {}, {}],
    ["when the axes name exact versions", {}, { axes: { kernel: "6.12.107", engine: "26.1.5" } }],
    [
      "when the kernel's axis names a flavour",
      {},
      { axes: { kernel: "6.12-full", engine: "26.1" } },
    ],
    [
      "when nobody knows the engine of its image",
      {},
      { built: { ...built, engineVersion: "unknown" } },
    ],
    [
      "when the names are the user's own",
      {},
      {
        axes: { kernel: "mine", engine: "nightly" },
        kernels: { mine: { kind: "default" } },
        engines: { nightly: { kind: "default" } },
      },
    ],
  ])("%s", (_why, machine, changes) => {
    expect(findMislabelling({ ...found, ...machine }, { ...labels, ...changes })).toBeUndefined();
  });
});

describe("a machine is another", () => {
  test.each<[string, Partial<typeof found>, Partial<Labels>, string]>([
    [
      "by another kernel than its image's, though of the same series",
      { kernelRelease: "6.12.100+deb13-cloud-amd64" },
      {},
      `the machine runs kernel 6.12.100+deb13-cloud-amd64, but its image has kernel ${kernelRelease}`,
    ],
    [
      "by an image of another series than the axis",
      {},
      { axes: { kernel: "6.1", engine: "26.1" } },
      `the machine runs kernel ${kernelRelease}, but its cell is of kernel 6.1`,
    ],
    [
      "by another engine than its image's",
      { engineVersion: "26.1.50" },
      {},
      "the machine runs engine 26.1.50, but its image has engine 26.1.5",
    ],
    [
      "by an engine of another series than the axis, where nobody knows that of its image",
      { engineVersion: "26.10.0" },
      { built: { ...built, engineVersion: "unknown" } },
      "the machine runs engine 26.10.0, but its cell is of engine 26.1",
    ],
    [
      "by another engine than that of the user's own archive",
      { engineVersion: "28.0.0" },
      {
        axes: { kernel: "6.12", engine: "nightly" },
        engines: { nightly: { kind: "default" } },
      },
      "the machine runs engine 28.0.0, but its image has engine 26.1.5",
    ],
  ])("%s", (_why, machine, changes, reason) => {
    expect(findMislabelling({ ...found, ...machine }, { ...labels, ...changes })).toBe(reason);
  });
});
