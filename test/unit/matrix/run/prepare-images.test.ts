import { describe, expect, test, vi } from "vitest";
import { prepareImages } from "../../../../src/matrix/run/prepare-images.ts";
import { shellCell } from "../../../support/matrix/matrix-world.ts";
import { coreWorld } from "../../../support/worlds/core-world.ts";

const cell = shellCell("w", "", {});
const other = { ...cell, axes: { ...cell.axes, kernel: "6.13" } };
const standard = { kind: "default" } as const;
const choices = {
  names: {
    kernels: { "6.12": standard, "6.13": standard },
    engines: { "26.1": standard },
    architecture: "amd64",
  },
  flavour: "cloud",
} as const;

describe("images of a run", () => {
  test("are tried once more when a mirror fails", async () => {
    const { context, packages } = await coreWorld();
    const { openArchive } = packages;
    let calls = 0;
    packages.openArchive = (...asked) => {
      calls += 1;
      packages.isOnline = calls > 1;
      return openArchive(...asked);
    };
    await using images = prepareImages(context, [cell], choices);
    await images.readyFor(cell);
    expect(images.releaseOf(cell)).toMatch(/^6\.12/);
    expect(calls).toBeGreaterThan(1);
  });

  test("end when they are closed, with what is under way, and no others are begun", async () => {
    const { context, packages, steps } = await coreWorld();
    const { openArchive } = packages;
    let goOn: (() => void) | undefined;
    packages.openArchive = async (...asked) => {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      return openArchive(...asked);
    };
    const images = prepareImages(context, [cell, other], choices);
    const told = expect(images.readyFor(cell)).rejects.toThrow("the run is over");
    await vi.waitUntil(() => goOn !== undefined);
    const closed = images.close();
    goOn?.();
    await Promise.all([closed, told]);
    await expect(images.readyFor(other)).rejects.toThrow("the run is over");
    expect(steps.filter((step) => step === "Images for 6.12 and 26.1")).toHaveLength(1);
    expect(steps).not.toContain("Images for 6.13 and 26.1");
  });
});
