import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import { expect, test } from "vitest";
import { run } from "../../../src/host/processes/run.ts";
import { isMet, type Measurement, ratioOf } from "../../bench/measure/measurement.ts";
import { peakBelow } from "../../bench/measure/peak-below.ts";
import { peakMemoryHook, readPeakMB } from "../../bench/measure/peak-memory.ts";
import { spreadOf } from "../../bench/measure/statistics.ts";
import { timeNode } from "../../bench/measure/time-node.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const signal = new AbortController().signal;

test.each([
  { values: [3], median: 3, min: 3, max: 3 },
  { values: [10, 9, 100], median: 10, min: 9, max: 100 },
  { values: [4, 1, 3, 2], median: 2.5, min: 1, max: 4 },
])("the median of $values is $median", ({ values, ...spread }) => {
  expect(spreadOf(values)).toEqual(spread);
});

const measurement: Measurement = {
  what: "start",
  seconds: [12, 11, 30],
  peakMB: 90,
  floor: { what: "QEMU by hand", seconds: [10, 8, 12] },
  aims: [],
};

test("the ratio is that of the medians, and there is none without a floor", () => {
  expect(ratioOf(measurement)).toBe(1.2);
  const { floor: _, ...alone } = measurement;
  expect(ratioOf(alone)).toBeUndefined();
});

test.each([
  { aim: { quantity: "ratio", atMost: 1.2 }, met: true },
  { aim: { quantity: "ratio", atMost: 1.1 }, met: false },
  { aim: { quantity: "seconds", atMost: 12 }, met: true },
  { aim: { quantity: "seconds", atMost: 11 }, met: false },
  { aim: { quantity: "peakMB", atMost: 90 }, met: true },
  { aim: { quantity: "peakMB", atMost: 89 }, met: false },
] as const)("an aim of $aim.quantity ≤ $aim.atMost is met: $met", ({ aim, met }) => {
  expect(isMet(measurement, aim)).toBe(met);
});

test("the peak is that of the process itself, also after it has let the memory go", async () => {
  const path = join(await temporaryDirectory(), "peak");
  const { nodeArguments, environment } = peakMemoryHook(path);
  const peakAfter = async (script: string) => {
    const args = [...nodeArguments, "-e", script];
    await timeNode({ args, environment: { ...env, ...environment }, signal });
    return readPeakMB(path);
  };
  const idle = await peakAfter("0");
  const busy = await peakAfter("new Uint8Array(100e6).fill(1)");
  expect(idle).toBeGreaterThan(20);
  expect(idle).toBeLessThan(90);
  expect(busy - idle).toBeGreaterThan(90);
});

test.runIf(process.platform === "linux")(
  "the peak of what works below a folder is that of its processes alone",
  async () => {
    const folder = await realpath(await temporaryDirectory());
    await mkdir(join(folder, "machine"));
    const script = "globalThis.kept = new Uint8Array(100e6).fill(1); setTimeout(() => {}, 1000)";
    const peakOf = (cwd: string) =>
      peakBelow(folder, () =>
        run(process.execPath, ["-e", script], { cwd, timeoutMs: 20_000, signal }),
      );
    expect(await peakOf(join(folder, "machine"))).toBeGreaterThan(100);
    expect(await peakOf("/")).toBe(0);
  },
);

test("the time runs until the process has ended", async () => {
  const args = ["-e", "setTimeout(() => {}, 200)"];
  expect(await timeNode({ args, environment: env, signal })).toBeGreaterThan(0.2);
});

test("a process that fails is an error with what it said", async () => {
  const args = ["-e", "console.error('no such machine'); process.exitCode = 1"];
  await expect(timeNode({ args, environment: env, signal })).rejects.toThrow("no such machine");
});

test("an interruption ends the process", async () => {
  const interruption = new AbortController();
  const timed = timeNode({
    args: ["-e", "setInterval(() => {}, 1000)"],
    environment: env,
    signal: interruption.signal,
  });
  interruption.abort();
  await expect(timed).rejects.toThrow("aborted");
});
