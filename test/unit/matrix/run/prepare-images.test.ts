import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { Context } from "../../../../src/core/context.ts";
import { namesIn } from "../../../../src/host/files/names-in.ts";
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

  test.each(["openArchive", "fetch"] as const)(
    "end when they are closed, with an %s under way, and no others are begun",
    async (request) => {
      const { context, packages, steps } = await coreWorld();
      let isUnderWay = false;
      // A mirror that says nothing more.
      packages[request] = (): Promise<never> => {
        isUnderWay = true;
        return new Promise(() => {});
      };
      const images = prepareImages(context, [cell, other], choices);
      const told = expect(images.readyFor(cell)).rejects.toThrow("the run is over");
      await vi.waitUntil(() => isUnderWay);
      await Promise.all([images.close(), told]);
      await expect(images.readyFor(other)).rejects.toThrow("the run is over");
      expect(steps.filter((step) => step === "Images for 6.12 and 26.1")).toHaveLength(1);
      expect(steps).not.toContain("Images for 6.13 and 26.1");
      expect(await leftIn(context)).toEqual([]);
    },
  );

  test("end when they are closed, with a build under way, of which nothing is left", async () => {
    const { context, packages } = await coreWorld();
    const { fetch } = packages;
    let images: ReturnType<typeof prepareImages> | undefined;
    let closed: Promise<void> | undefined;
    packages.fetch = async (...wanted) => {
      const fetched = await fetch(...wanted);
      // Once the build has its folder, before any file is made whole.
      setImmediate(() => {
        closed = images?.close();
      });
      return fetched;
    };
    images = prepareImages(context, [cell], choices);
    await expect(images.readyFor(cell)).rejects.toThrow("the run is over");
    await closed;
    expect(await leftIn(context)).toEqual([]);
  });
});

/** Images in the cache, whole or not, and locks. */
function leftIn({ store }: Context): Promise<readonly string[]> {
  return namesIn(join(store.layout.cache, "images"));
}
