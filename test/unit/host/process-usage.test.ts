import { describe, expect, test } from "vitest";
import {
  parseProcUsage,
  parsePsUsage,
  parseWindowsUsage,
  readProcessUsage,
} from "../../../src/host/processes/process-usage.ts";

describe("what a process takes", () => {
  test("is told of this very process, and grows with its work", async () => {
    const before = await readProcessUsage(process.pid, process.platform);
    const end = performance.now() + 300;
    let rounds = 0;
    while (performance.now() < end) rounds += 1;
    const after = await readProcessUsage(process.pid, process.platform);
    if (before === undefined || after === undefined) throw new Error("there is no such process");
    expect(rounds).toBeGreaterThan(0);
    expect(after.processorMs - before.processorMs).toBeGreaterThanOrEqual(20);
    const own = process.memoryUsage.rss();
    expect(after.residentBytes / own).toBeGreaterThan(0.5);
    expect(after.residentBytes / own).toBeLessThan(2);
  });

  test("is not told of one that there is not", async () => {
    expect(await readProcessUsage(2 ** 22 + 7, process.platform)).toBeUndefined();
  });

  test("is found in /proc, whatever the program is called", () => {
    const stat = "42 (a) b (c) S 1 2 3 0 -1 4194560 1 2 3 4 150 50 9 9 20 0 4 0 5052542 1 2 3";
    expect(parseProcUsage(stat, "Name:\tx\nVmHWM:\t 900 kB\nVmRSS:\t   800 kB\n")).toEqual({
      processorMs: 2_000,
      residentBytes: 819_200,
    });
    expect(parseProcUsage(stat, "Name:\tzombie\n")).toBeUndefined();
  });

  test.each([
    ["  0:01.25   2048\n", { processorMs: 1_250, residentBytes: 2_097_152 }],
    ["1-02:03:04 1", { processorMs: 93_784_000, residentBytes: 1_024 }],
    ["", undefined],
  ])("is what ps says: %j", (line, usage) => {
    expect(parsePsUsage(line)).toEqual(usage);
  });

  test.each([
    ["1250 104857600\r\n", { processorMs: 1_250, residentBytes: 104_857_600 }],
    [" ", undefined],
  ])("is what PowerShell says: %j", (line, usage) => {
    expect(parseWindowsUsage(line)).toEqual(usage);
  });
});
