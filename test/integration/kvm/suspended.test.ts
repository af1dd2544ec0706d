import { open, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { isRunning } from "../../../src/host/processes/process-identity.ts";
import { isUnderWay, queryMigration } from "../../../src/providers/kvm/memory/migration.ts";
import { saveMemory } from "../../../src/providers/kvm/memory/save-memory.ts";
import { readSavedMemory } from "../../../src/providers/kvm/memory/saved-memory.ts";
import { inspectHost } from "../../../src/providers/kvm/preflight/inspect-host.ts";
import { askQemu } from "../../../src/providers/kvm/process/ask-qemu.ts";
import { launchQemu } from "../../../src/providers/kvm/process/launch.ts";
import { fileNames, type KvmMachine, pathOf } from "../../../src/providers/kvm/record.ts";
import type { Instance, PowerState } from "../../../src/providers/provider.ts";
import { realWorld, recordedQemu, tinyOptions } from "../../support/boots/qemu.ts";
import { tinyGuestGreeting } from "../../support/boots/tiny-guest.ts";
import { createTinyInstance } from "../../support/boots/tiny-instance.ts";
import { testSignal, untilGreeted, untilPower } from "../../support/providers/contract-subject.ts";
import { recordedOperation } from "../../support/worlds/operations.ts";

const world = realWorld();

async function started() {
  const { machine, instance } = await createTinyInstance();
  await instance.start(recordedOperation());
  await untilGreeted(instance, tinyGuestGreeting);
  return { machine, instance };
}

const power = (instance: Instance) => instance.power(recordedOperation());

/** How often the guest has booted since its console's log was begun. */
async function bootsOf(machine: KvmMachine): Promise<number> {
  const log = await readFile(pathOf(machine, "consoleLog"), "utf8");
  return log.split(tinyGuestGreeting).length - 1;
}

async function firstBytes(path: string, count: number): Promise<string> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(count), 0, count, 0);
  return buffer.toString("latin1");
}

async function hasMemory(machine: KvmMachine): Promise<boolean> {
  const names = await readdir(machine.directory);
  return names.some((name) => name.startsWith("memory."));
}

describe("a suspended guest", () => {
  test("has no process, its memory is for its owner's eyes alone, and it goes on without a boot", async () => {
    const { machine, instance } = await started();
    const qemu = await recordedQemu(machine);
    await instance.suspension?.suspend(recordedOperation());
    expect(await isRunning(qemu)).toBe(false);
    expect((await stat(pathOf(machine, "memory"))).mode & 0o777).toBe(0o600);
    await instance.start(recordedOperation());
    expect(await power(instance)).toBe("running");
    expect(await bootsOf(machine)).toBe(1);
    expect(await hasMemory(machine)).toBe(false);
  });

  test("still heeds its power button afterwards", async () => {
    const { instance } = await started();
    await instance.suspension?.suspend(recordedOperation());
    await instance.start(recordedOperation());
    await instance.stop("shutdown", recordedOperation());
    await untilPower(instance, "stopped");
  });

  test("whose suspension was killed before QEMU ended goes on, and what was saved is no more", async () => {
    const { machine, instance } = await started();
    await saveMemory(machine, { world, path: "memory.part" }, recordedOperation());
    await rename(`${machine.directory}/memory.part`, pathOf(machine, "memory"));
    expect(await power(instance)).toBe("paused");
    await instance.start(recordedOperation());
    expect(await power(instance)).toBe("running");
    expect(await hasMemory(machine)).toBe(false);
  });

  test("whose start was killed before it went on, goes on at the next", async () => {
    const { machine, instance } = await started();
    await instance.suspension?.suspend(recordedOperation());
    const suitable = await inspectHost(world, machine, testSignal());
    const memory = await readSavedMemory(machine);
    expect(memory).toEqual({
      ...{ machineType: expect.stringMatching(/^pc-q35-\d/), accelerator: "tcg" },
      ...{ memoryMiB: tinyOptions.memoryMiB, cpuCount: tinyOptions.cpuCount },
    });
    await launchQemu(machine, { world, suitable, memory }, recordedOperation());
    expect(await power(instance)).toBe("paused");
    await instance.start(recordedOperation());
    expect(await power(instance)).toBe("running");
    expect(await bootsOf(machine)).toBe(1);
    expect(await hasMemory(machine)).toBe(false);
  });

  test("whose memory is damaged does not start, and boots once that is given up", async () => {
    const { machine, instance } = await started();
    await instance.suspension?.suspend(recordedOperation());
    await writeFile(pathOf(machine, "memory"), "no memory");
    await expect(instance.start(recordedOperation())).rejects.toMatchObject({
      code: "QEMU_FAILED",
      hints: [expect.stringContaining("`tsmachine kill tiny`")],
    });
    expect(await power(instance)).toBe("suspended");
    await instance.stop("power-off", recordedOperation());
    expect(await power(instance)).toBe("stopped");
    await instance.start(recordedOperation());
    expect(await power(instance)).toBe("running");
  });

  test("that QEMU cannot save runs on, and leaves no file", async () => {
    const { machine, instance } = await started();
    // Of two channels, of which there is one to a file.
    const capabilities = [{ capability: "multifd", state: true }];
    const asking = { world, signal: testSignal() };
    await askQemu(machine, asking, (qmp) =>
      qmp.execute("migrate-set-capabilities", { capabilities }),
    );
    await expect(instance.suspension?.suspend(recordedOperation())).rejects.toMatchObject({
      code: "QMP_FAILED",
    });
    expect(await power(instance)).toBe("running");
    expect(await hasMemory(machine)).toBe(false);
  });

  test("whose suspension was killed before QEMU ended is suspended by the next", async () => {
    const { machine, instance } = await started();
    await saveMemory(machine, { world, path: "memory.part" }, recordedOperation());
    await rename(`${machine.directory}/memory.part`, pathOf(machine, "memory"));
    await instance.suspension?.suspend(recordedOperation());
    expect(await power(instance)).toBe("suspended");
    await instance.start(recordedOperation());
    expect(await bootsOf(machine)).toBe(1);
  });

  test("whose suspension was killed before its memory had its name is suspended by the next", async () => {
    const { machine, instance } = await started();
    await saveMemory(machine, { world, path: "memory.part" }, recordedOperation());
    expect(await power(instance)).toBe("paused");
    await instance.suspension?.suspend(recordedOperation());
    expect(await power(instance)).toBe("suspended");
    await instance.start(recordedOperation());
    expect(await power(instance)).toBe("running");
    expect(await bootsOf(machine)).toBe(1);
  });

  test.each<[string, (instance: Instance) => Promise<unknown>, PowerState]>([
    ["goes on, and is not halted again", (one) => one.start(recordedOperation()), "running"],
    [
      "is suspended by the next",
      async (one) => one.suspension?.suspend(recordedOperation()),
      "suspended",
    ],
  ])(
    "whose memory QEMU still saves for a command that was killed %s",
    async (_, next, expected) => {
      const { machine, instance } = await started();
      const asking = { world, signal: testSignal() };
      await askQemu(machine, asking, async (qmp) => {
        await qmp.execute("stop");
        // Bytes a second.
        await qmp.execute("migrate-set-parameters", { "max-bandwidth": 1 });
        await qmp.execute("migrate", { uri: "file:memory.part" });
      });
      const migration = () => askQemu(machine, asking, queryMigration);
      expect(isUnderWay(await migration())).toBe(true);
      await next(instance);
      expect(await power(instance)).toBe(expected);
      if (expected === "suspended") await instance.start(recordedOperation());
      else expect(isUnderWay(await migration())).toBe(false);
      expect(await power(instance)).toBe("running");
      expect(await bootsOf(machine)).toBe(1);
    },
  );
});

test("a disk that is larger than the record says does not become smaller", async () => {
  const { machine, instance } = await started();
  await instance.resizing?.resize({ diskSizeMiB: 1024 }, recordedOperation());
  await expect(
    instance.resizing?.resize({ diskSizeMiB: 768 }, recordedOperation()),
  ).rejects.toMatchObject({ code: "INVALID_INPUT", message: expect.stringContaining("1024 MiB") });
  expect((await stat(pathOf(machine, "dataDisk"))).size).toBe(1024 * 2 ** 20);
});

describe("a snapshot", () => {
  test("of a guest that runs has its disk and its memory, and lets it run on", async () => {
    const { machine, instance } = await started();
    const { snapshots } = instance;
    await writeFile(pathOf(machine, "dataDisk"), "before", { flag: "r+" });
    await snapshots?.take("before", recordedOperation());
    expect(await power(instance)).toBe("running");
    await writeFile(pathOf(machine, "dataDisk"), "after!", { flag: "r+" });
    await snapshots?.restore("before", recordedOperation(), async () => {});
    expect(await power(instance)).toBe("suspended");
    expect(await firstBytes(pathOf(machine, "dataDisk"), 6)).toBe("before");
    await instance.start(recordedOperation());
    expect(await power(instance)).toBe("running");
    expect(await bootsOf(machine)).toBe(1);
  });

  test("of a paused guest leaves it paused, and it can be taken again and suspended", async () => {
    const { machine, instance } = await started();
    const asking = { world, signal: testSignal() };
    await askQemu(machine, asking, (qmp) => qmp.execute("stop"));
    await instance.snapshots?.take("one", recordedOperation());
    expect(await power(instance)).toBe("paused");
    await instance.snapshots?.take("two", recordedOperation());
    expect(await power(instance)).toBe("paused");
    await instance.suspension?.suspend(recordedOperation());
    await instance.start(recordedOperation());
    expect(await power(instance)).toBe("running");
    expect(await bootsOf(machine)).toBe(1);
  });

  test("of a suspended guest keeps it suspended", async () => {
    const { instance } = await started();
    await instance.suspension?.suspend(recordedOperation());
    await instance.snapshots?.take("asleep", recordedOperation());
    await instance.stop("power-off", recordedOperation());
    await instance.snapshots?.restore("asleep", recordedOperation(), async () => {});
    expect(await power(instance)).toBe("suspended");
  });

  test("that was aborted leaves nothing, and the guest runs on", async () => {
    const { machine, instance } = await started();
    const aborting = new AbortController();
    const operation = {
      signal: aborting.signal,
      report: (step: string) => {
        if (step.startsWith("copied")) aborting.abort(new Error("enough"));
      },
    };
    await expect(instance.snapshots?.take("cut", operation)).rejects.toThrow("enough");
    expect(await power(instance)).toBe("running");
    expect(await readdir(`${machine.directory}/${fileNames.snapshots}`)).toEqual([]);
  });
});
