import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { withImagesInUse } from "../../../../src/core/images/images-in-use.ts";
import { pruneStore } from "../../../../src/core/prune/prune-store.ts";
import { keyOf } from "../../../../src/iso/images/image-lock.ts";
import { openStore } from "../../../../src/store/open-store.ts";
import {
  filesBelow,
  type ImageContents,
  lockOfContents,
  sha256Of,
  writeImage,
  writeInput,
  writeMachine,
  writePackage,
} from "../../../support/images/cache-world.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { coreWorld } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 120_000 });

const names = ["a", "b", "c", "d"].map((letter) => `name-${letter}`);
const contents = (kind: ImageContents["kind"]) =>
  fc.record({
    kind: fc.constant(kind),
    packages: fc.subarray(names, { maxLength: 2 }),
    inputs: fc.subarray(names, { maxLength: 1 }),
  });
const machine = fc.record({ boot: contents("boot"), engine: contents("engine") });

const stores = fc.record({
  machines: fc.array(machine, { maxLength: 3 }),
  /** Whether a machine's own images are in the cache. */
  isComplete: fc.boolean(),
  strays: fc.array(fc.oneof(contents("boot"), contents("engine")), { maxLength: 4 }),
  packages: fc.subarray(names),
  inputs: fc.subarray(names),
  extent: fc.constantFrom("unused", "everything"),
  isLeased: fc.boolean(),
});

test("whatever the store holds, what is needed stays, the rest goes, and a second time nothing does", async () => {
  const world = await coreWorld();
  await fc.assert(
    fc.asyncProperty(stores, async ({ machines, strays, isComplete, isLeased, ...rest }) => {
      const root = await temporaryDirectory();
      const context = { ...world.context, store: openStore(root) };
      const { cache } = context.store.layout;
      const own = machines.flatMap(({ boot, engine }) => [boot, engine]);
      for (const [index, parts] of machines.entries()) {
        await writeMachine(context.store, { name: `m${index}`, ...parts });
      }
      for (const image of isComplete ? [...own, ...strays] : strays) await writeImage(cache, image);
      for (const name of rest.packages) await writePackage(cache, name);
      for (const name of rest.inputs) await writeInput(cache, name);

      const before = await filesBelow(root);
      const neededNames = [
        ...own.flatMap(({ packages }) => packages.map((name) => `${sha256Of(name)}.deb`)),
        ...own.flatMap(({ inputs }) => inputs.map(sha256Of)),
      ];
      const keys = own.map((image) => keyOf(lockOfContents(image)));
      const isNeeded = (path: string) =>
        path.startsWith("machines/") ||
        neededNames.some((name) => path.endsWith(`/${name}`)) ||
        keys.some((key) => path.includes(`-${key}/`));

      const prune = () => pruneStore(context, { extent: rest.extent });
      if (isLeased) {
        const { reservations } = await withImagesInUse(context, prune);
        expect(reservations).toHaveLength(1);
        expect(await filesBelow(root)).toEqual(before);
      }
      await prune();
      expect(await filesBelow(root)).toEqual(before.filter(isNeeded));
      expect((await prune()).garbage).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
