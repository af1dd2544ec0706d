import { describe, expect, test } from "vitest";
import { createHyperVProvider } from "../../../../src/providers/hyperv/provider.ts";
import { simulatedWorld } from "../../../support/hyperv/hyperv-world.ts";
import { createSimulator } from "../../../support/hyperv/simulator.ts";
import { sampleImages } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

/** A machine that runs and has a checkpoint "one". */
async function runningMachine() {
  const provider = createHyperVProvider(simulatedWorld(createSimulator()));
  const operation = recordedOperation();
  const planned = await provider.plan({ name: "dev", architecture: "amd64" }, {}, operation);
  const places = { directory: await temporaryDirectory(), images: sampleImages };
  const created = await provider.open(planned, places).create(operation);
  const instance = provider.open(created, places);
  await instance.start(operation);
  await instance.snapshots?.take("one", operation);
  return { instance, operation };
}

describe("what is to be done before a checkpoint is restored", () => {
  test("is done while the machine still runs", async () => {
    const { instance, operation } = await runningMachine();
    const powers: string[] = [];
    await instance.snapshots?.restore("one", operation, async () => {
      powers.push(await instance.power(operation));
    });
    expect(powers).toEqual(["running"]);
    expect(await instance.power(operation)).not.toBe("running");
  });

  test("leaves the machine running where it fails, and is not begun without a checkpoint", async () => {
    const { instance, operation } = await runningMachine();
    const before = () => Promise.reject(new Error("images are missing"));
    await expect(instance.snapshots?.restore("one", operation, before)).rejects.toThrow("missing");
    await expect(instance.snapshots?.restore("two", operation, before)).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
    expect(await instance.power(operation)).toBe("running");
  });
});
