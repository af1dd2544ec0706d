import { rm } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { engineUrl, openRunning } from "../../../../src/core/machine/look.ts";
import { engineAddressOf } from "../../../../src/core/machine/open-machine.ts";
import { readSshTarget } from "../../../../src/core/machine/ssh-target.ts";
import { machineRecord } from "../../../support/machines/machine-record.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

describe("a machine that must be running", () => {
  test("is opened when it is", async () => {
    const world = await coreWorld();
    const record = await runningMachine(world);
    expect((await openRunning(world.context, "dev")).record).toEqual(record);
  });

  test("is refused when it is not, with the command that starts it", async () => {
    const world = await coreWorld();
    await runningMachine(world);
    await world.provider.setPower("dev", "stopped");
    await expect(openRunning(world.context, "dev")).rejects.toMatchObject({
      code: "MACHINE_NOT_RUNNING",
      hints: ["start it with `tsmachine start dev`"],
      context: { status: "Stopped" },
    });
  });

  test("is refused when it is only adopted, without a command that cannot start it", async () => {
    const world = await coreWorld();
    await runningMachine(world);
    await world.provider.setPower("dev", "stopped");
    Object.assign(world.provider.capabilities, { ownsInstance: false });
    const refusal = {
      code: "MACHINE_NOT_RUNNING",
      hints: [expect.stringMatching(/^start it on the host itself/)],
    };
    await expect(openRunning(world.context, "dev")).rejects.toMatchObject(refusal);
    await expect(readSshTarget(world.context, "dev")).rejects.toMatchObject(refusal);
  });

  test("is refused without its client certificate", async () => {
    const world = await coreWorld();
    const record = await runningMachine(world);
    await rm(world.context.store.machineLayout("dev").key);
    await expect(engineAddressOf(world.context, record)).rejects.toMatchObject({
      code: "MACHINE_INCOMPLETE",
    });
  });
});

test.each([
  ["127.0.0.1", "tcp://127.0.0.1:2376"],
  ["::1", "tcp://[::1]:2376"],
])("the engine at %s has the URL %s", (address, url) => {
  expect(engineUrl(machineRecord({ endpoint: { address, sshPort: 1, dockerPort: 2376 } }))).toBe(
    url,
  );
});

test("a machine that was never started has no URL", () => {
  const { endpoint: _, ...record } = machineRecord();
  expect(() => engineUrl(record)).toThrow(
    expect.objectContaining({
      message: 'machine "dev" has never been started',
      hints: [expect.stringContaining("`tsmachine start dev`")],
    }),
  );
});
