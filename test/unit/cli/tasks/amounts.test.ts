import { describe, expect, it } from "vitest";
import { formatBytes, formatDuration } from "../../../../src/cli/tasks/amounts.ts";
import { transferLine } from "../../../../src/cli/tasks/transfer-line.ts";
import { transferRate } from "../../../../src/cli/tasks/transfer-rate.ts";

describe("amounts", () => {
  it.each([
    [0, "0.0 s"],
    [12_340, "12.3 s"],
    [59_949, "59.9 s"],
    [59_950, "1 min 00 s"],
    [125_000, "2 min 05 s"],
    [3_725_000, "62 min 05 s"],
  ])("%i ms are %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [999_949, "999.9 kB"],
    [999_950, "1.0 MB"],
    [73_400_000, "73.4 MB"],
    [5e15, "5000.0 TB"],
  ])("%i bytes are %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe("a transfer's line", () => {
  const half = {
    transfer: { received: 5e6, total: 10e6 },
    bytesPerSecond: 2e6,
    columns: 80,
    unicode: true,
  };
  const words = "50 %, 5.0 MB of 10.0 MB, 2.0 MB/s";

  it.each([
    { why: "has a bar", options: half, line: `${"━".repeat(15)}${"╌".repeat(15)} ${words}` },
    {
      why: "has an ASCII bar where nothing else can be shown",
      options: { ...half, unicode: false },
      line: `${"=".repeat(15)}${"-".repeat(15)} ${words}`,
    },
    {
      why: "has a shorter bar on a narrow terminal",
      options: { ...half, columns: words.length + 11 },
      line: `${"━".repeat(5)}${"╌".repeat(5)} ${words}`,
    },
    {
      why: "has no bar where it would be too short",
      options: { ...half, columns: words.length + 8 },
      line: words,
    },
    {
      why: "says what has come when the total is not known",
      options: { ...half, transfer: { received: 5e6, total: undefined } },
      line: "5.0 MB, 2.0 MB/s",
    },
    {
      why: "is never more than full",
      options: { ...half, transfer: { received: 11e6, total: 10e6 }, bytesPerSecond: undefined },
      line: `${"━".repeat(30)} 100 %, 11.0 MB of 10.0 MB`,
    },
    {
      why: "is full when there was nothing to transfer",
      options: { ...half, transfer: { received: 0, total: 0 }, bytesPerSecond: undefined },
      line: `${"━".repeat(30)} 100 %, 0 B of 0 B`,
    },
  ])("$why", ({ options, line }) => {
    expect(transferLine(options)).toBe(line);
  });
});

describe("a transfer's rate", () => {
  it("counts neither the bytes of an earlier attempt nor the first half second", () => {
    let nowMs = 1000;
    const rateOf = transferRate(() => nowMs);
    expect(rateOf({ received: 50_000, total: undefined })).toBeUndefined();
    nowMs = 1400;
    expect(rateOf({ received: 60_000, total: undefined })).toBeUndefined();
    nowMs = 3000;
    expect(rateOf({ received: 70_000, total: undefined })).toBe(10_000);
  });
});
