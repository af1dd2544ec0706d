import { describe, expect, test, vi } from "vitest";
import { causeIn } from "../../../../src/core/engine/machine-failed.ts";
import { type EngineWait, waitForEngine } from "../../../../src/core/engine/wait-for-engine.ts";
import type { Instance, PowerState } from "../../../../src/providers/provider.ts";
import { type EngineWorld, engineWorld } from "../../../support/images/engine-world.ts";
import { createFakeProvider, sampleImages } from "../../../support/providers/fake-provider.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

vi.setConfig({ testTimeout: 30_000 });

/** An instance that is in this state and has said this. */
function instanceThat(power: () => PowerState, console: readonly string[] = []): Instance {
  const record = { name: "dev", memoryMiB: 1, sshPort: 1, dockerPort: 1 };
  const instance = createFakeProvider().open(record, { directory: "", images: sampleImages });
  return {
    ...instance,
    power: async () => power(),
    consoleTail: async (lines) => console.slice(-lines),
  };
}

function wait({ address }: EngineWorld, changes: Partial<EngineWait> = {}) {
  const operation = recordedOperation();
  const instance = instanceThat(() => "running");
  const ended = waitForEngine({
    ...{ machine: "dev", instance, address, timeoutMs: 20_000, operation },
    ...changes,
  });
  return { ended, operation };
}

describe("the wait for an engine", () => {
  test("ends when the engine answers", async () => {
    const world = await engineWorld();
    await world.startEngine();
    await wait(world).ended;
  });

  test("ends when an engine answers that was not there at first", async () => {
    const world = await engineWorld();
    let looks = 0;
    const instance = instanceThat(() => {
      looks += 1;
      if (looks === 1) void world.startEngine();
      return "running";
    });
    await wait(world, { instance }).ended;
  });

  test("tells what the guest said last", async () => {
    const world = await engineWorld();
    const console = ["BIOS", "tsmachine: booted", "tsmachine: data disk ready", "[  1.0] noise"];
    const { ended, operation } = wait(world, {
      ...{ instance: instanceThat(() => "running", console), timeoutMs: 1_500 },
    });
    await expect(ended).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(operation.steps).toEqual(["data disk ready"]);
  });

  test.each(["stopped", "absent"] as const)("ends when the machine is %s", async (power) => {
    const world = await engineWorld();
    const console = ["tsmachine: FAILED mount of the engine image", "reboot: Power down"];
    const { ended } = wait(world, { instance: instanceThat(() => power, console) });
    await expect(ended).rejects.toMatchObject({
      code: "MACHINE_FAILED",
      message: 'machine "dev" failed before its engine answered: mount of the engine image',
      context: { machine: "dev", power, console },
      hints: [expect.stringMatching(/./)],
    });
  });

  test("ends with dockerd's last words when the engine ends again and again", async () => {
    const world = await engineWorld();
    const console = ["tsmachine: FAILED engine: invalid logging level: loud", "reboot: Power down"];
    const { ended } = wait(world, { instance: instanceThat(() => "stopped", console) });
    await expect(ended).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      message: 'the engine of machine "dev" does not start: invalid logging level: loud',
      context: { machine: "dev", words: "invalid logging level: loud", console },
    });
  });

  test("ends at its limit with the whole console and a longer limit", async () => {
    const world = await engineWorld();
    const console = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const { ended } = wait(world, {
      ...{ instance: instanceThat(() => "running", console), timeoutMs: 1_000 },
    });
    await expect(ended).rejects.toMatchObject({
      code: "TIMEOUT",
      message:
        'the engine of machine "dev" did not answer within 1 s; its console ends with: line 39',
      hints: ["give it longer: TSMACHINE_BOOT_TIMEOUT=2"],
      context: { console },
    });
  });

  test("ends with the whole console of a machine that ended, not only with what people are shown", async () => {
    const world = await engineWorld();
    const console = ["tsmachine: booted", ...Array.from({ length: 300 }, (_, n) => `line ${n}`)];
    const { ended } = wait(world, { instance: instanceThat(() => "stopped", console) });
    await expect(ended).rejects.toMatchObject({ code: "MACHINE_FAILED", context: { console } });
  });

  test.each(["running", "stopped"] as const)(
    "tells what a machine ran on that did not come up and is %s",
    async (power) => {
      const world = await engineWorld();
      const instance = { ...instanceThat(() => power), accelerator: async () => "tcg" };
      const { ended } = wait(world, { instance, timeoutMs: 1_500 });
      await expect(ended).rejects.toMatchObject({ context: { accelerator: "tcg" } });
    },
  );

  test("ends at its limit also when the engine accepts connections and hangs", async () => {
    const world = await engineWorld();
    await world.startEngine({ manner: "mute" });
    await expect(wait(world, { timeoutMs: 500 }).ended).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  test("ends at its limit also when the provider hangs", async () => {
    const world = await engineWorld();
    const instance = {
      ...instanceThat(() => "running"),
      power: () => new Promise<never>(() => {}),
    };
    const { ended } = wait(world, { instance, timeoutMs: 1_300 });
    await expect(ended).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  test.each(["at once", "later"])(
    "ends with the signal's reason when cancelled %s",
    async (when) => {
      const world = await engineWorld();
      const controller = new AbortController();
      const reason = new Error("the user pressed Ctrl-C");
      if (when === "at once") controller.abort(reason);
      const operation = { ...recordedOperation(), signal: controller.signal };
      const { ended } = wait(world, { operation });
      controller.abort(reason);
      await expect(ended).rejects.toBe(reason);
    },
  );

  test("passes on why the provider cannot look", async () => {
    const world = await engineWorld();
    const failure = new Error("no monitor");
    const instance = instanceThat(() => {
      throw failure;
    });
    await expect(wait(world, { instance }).ended).rejects.toBe(failure);
  });
});

test.each([
  ["what the guest says has failed", ["tsmachine: FAILED no disk", "more"], "no disk"],
  ["what it says last", ["tsmachine: FAILED one", "tsmachine: FAILED two"], "two"],
  [
    "the kernel's panic",
    ["[1.0] Kernel panic - not syncing: no init", "[1.0] CPU: 0"],
    "[1.0] Kernel panic - not syncing: no init",
  ],
  ["the last line else", ["BIOS", "no bootable device"], "no bootable device"],
  ["that there is none", [], "its console is empty"],
])("the cause in a console is %s", (_, console, cause) => {
  expect(causeIn(console)).toBe(cause);
});
