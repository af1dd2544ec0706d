import { expect, test } from "vitest";
import { engineOffersIn } from "../../../../src/iso/offers/engine-offers.ts";
import { packagesFile } from "../../../support/debian/repository.ts";
import { readIndex } from "../../../support/images/fake-offers.ts";

const engine = { name: "docker.io", version: "26.1.5+dfsg1-9+deb13u1", content: "engine" };
const containerd = { name: "containerd", version: "1.7.24~ds1-6+deb13u1", content: "shims" };
const runc = { name: "runc", version: "1.1.15+ds1-2+b4", content: "runc" };

test("the engine of an index is docker.io with its containerd and runc", async () => {
  const index = await readIndex(packagesFile([engine, containerd, runc]));
  expect(engineOffersIn(index, "trixie")).toEqual([
    {
      ...{ series: "26.1", version: "26.1.5", packageVersion: engine.version, suite: "trixie" },
      ...{ containerdVersion: containerd.version, runcVersion: runc.version, sizeBytes: 15 },
    },
  ]);
});

test.each([
  ["engine", [containerd, runc]],
  ["containerd", [engine, runc]],
  ["runc", [engine, containerd]],
])("an index without %s offers no engine", async (_missing, packages) => {
  expect(engineOffersIn(await readIndex(packagesFile(packages)), "trixie-security")).toEqual([]);
});
