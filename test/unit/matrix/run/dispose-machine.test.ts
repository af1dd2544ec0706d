import { describe, expect, test } from "vitest";
import { createMachine } from "../../../../src/core/machine/create.ts";
import { disposeMachine } from "../../../../src/matrix/run/dispose-machine.ts";
import { coreWorld, createRequest } from "../../../support/worlds/core-world.ts";

/** A machine as a cell has it, which this process uses. */
async function cellsMachine() {
  const world = await coreWorld();
  world.provider.guest = "serving";
  const user = { pid: process.pid, startedAt: "now" };
  await createMachine(world.context, createRequest({ user, cell: "6.12/26.1" }));
  return world;
}

describe("a cell's machine", () => {
  test("that is kept is the user's from then on", async () => {
    const { context } = await cellsMachine();
    expect(await disposeMachine(context, "dev", "keep")).toBe(true);
    const record = await context.store.readMachine("dev");
    expect(record).toMatchObject({ cell: "6.12/26.1" });
    expect(record).not.toHaveProperty("user");
  });

  test("that was never made is no failure, and is not kept", async () => {
    const { context, warnings } = await coreWorld();
    expect(await disposeMachine(context, "dev", "keep")).toBe(false);
    expect(warnings).toEqual([]);
  });

  test("that cannot be looked for is left over with a warning", async () => {
    const { context, warnings } = await coreWorld();
    const listMachineNames = () => Promise.reject(new Error("the disk is gone"));
    const blind = { ...context, store: { ...context.store, listMachineNames } };
    expect(await disposeMachine(blind, "dev", "remove")).toBe(false);
    expect(warnings).toEqual([
      'machine "dev" is left over (the disk is gone); remove it with `tsmachine rm -f dev`',
    ]);
  });
});
