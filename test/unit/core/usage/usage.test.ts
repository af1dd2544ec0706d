import { execFile } from "node:child_process";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { guestUsageCommand, parseGuestUsage } from "../../../../src/core/usage/guest-usage.ts";
import { measureMachines } from "../../../../src/core/usage/measure-machines.ts";
import { guestFigures, hostFigures } from "../../../../src/core/usage/rates.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

describe("rates", () => {
  test("are what totals have grown in a second", () => {
    const before = { atMs: 1_000, processorMs: 500, diskReadBytes: 0, diskWrittenBytes: 100 };
    const now = { atMs: 3_000, processorMs: 3_500, diskReadBytes: 4_096, diskWrittenBytes: 100 };
    expect(hostFigures({ ...now, residentBytes: 7 }, before)).toEqual({
      ...{ processorPercent: 150, residentBytes: 7, diskReadRate: 2_048, diskWriteRate: 0 },
    });
  });

  test("are not known the first time, nor of totals that began anew", () => {
    expect(hostFigures({ atMs: 1, processorMs: 5 }, undefined)).toEqual({});
    const before = { atMs: 1_000, receivedBytes: 9_000, sentBytes: 10 };
    const now = { atMs: 2_000, receivedBytes: 40, sentBytes: 15 };
    expect(guestFigures(now, before)).toEqual({ sendRate: 5 });
  });
});

describe("a guest", () => {
  test("says what its memory holds and its devices have carried", () => {
    const answer = "MemTotal:  1000 kB\nMemAvailable:  400 kB\nnet 100 20\nnet 1 2\n";
    expect(parseGuestUsage(answer)).toEqual({
      ...{ memoryTotalBytes: 1_024_000, memoryUsedBytes: 614_400 },
      ...{ receivedBytes: 101, sentBytes: 22 },
    });
  });

  test("that says something else says nothing", () => {
    expect(parseGuestUsage("sh: grep: not found\nnet  \n")).toEqual({});
  });

  test.skipIf(process.platform !== "linux")(
    "is asked with a command that a Linux answers",
    async () => {
      const { stdout } = await promisify(execFile)("/bin/sh", ["-c", guestUsageCommand]);
      expect(parseGuestUsage(stdout).memoryTotalBytes).toBeGreaterThan(1e6);
    },
  );
});

describe("machines", () => {
  test("are all measured, each as far as it can be", async () => {
    const world = await coreWorld();
    const { provider, context } = world;
    provider.filesIn = (directory) => ({ dataDisk: join(directory, "data.raw") });
    let processorMs = 0;
    provider.usageOf = async () => {
      processorMs += 1_000;
      return { processorMs, residentBytes: 5_000 };
    };
    for (const name of ["good", "off", "slow"]) await runningMachine(world, { name });
    const disk = join(context.store.machineLayout("off").directory, "data.raw");
    await writeFile(disk, "1234");
    await truncate(disk, 2 ** 30);
    await provider.setPower("off", "stopped");
    provider.hang("slow");
    const begun = performance.now();
    const rows = await measureMachines(context, ["good", "off", "slow", "gone"], 1_000);
    expect(performance.now() - begun).toBeLessThan(8_000);
    expect(rows).toEqual([
      expect.objectContaining({
        ...{ name: "good", status: "Running", error: "", residentBytes: 5_000, diskBytes: 0 },
        processorPercent: expect.any(Number),
      }),
      expect.objectContaining({ name: "off", status: "Stopped", diskBytes: expect.any(Number) }),
      { name: "slow", status: "Timeout", error: "no answer within 1 s" },
    ]);
    expect(rows[0]?.processorPercent).toBeGreaterThan(10);
    expect(rows[1]?.diskBytes).toBeLessThan(2 ** 20);
    expect(rows[1]).not.toHaveProperty("residentBytes");
  });

  test("are measured as far as they can be where the provider fails, and given up on Ctrl-C", async () => {
    const world = await coreWorld();
    await runningMachine(world);
    world.provider.usageOf = async () => {
      throw new Error("no such process");
    };
    expect(await measureMachines(world.context, ["dev"], 1_000)).toMatchObject([
      { name: "dev", status: "Running", error: "" },
    ]);
    world.provider.hang("dev");
    const reason = new Error("Ctrl-C");
    const measuring = measureMachines(world.context, ["dev"], 20_000);
    world.abort(reason);
    await expect(measuring).rejects.toBe(reason);
  });
});
