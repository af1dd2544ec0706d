import { expect, onTestFinished, test, vi } from "vitest";
import { frameOf, showLiveUsage } from "../../../../../src/cli/commands/watch/live-usage.ts";
import { untilQuit } from "../../../../../src/cli/commands/watch/until-quit.ts";
import type { UsageRow } from "../../../../../src/core/usage/meter.ts";
import { recordedParts } from "../../../../support/worlds/cli-parts.ts";
import { coreWorld, runningMachine } from "../../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

const row = (name: string): [string, UsageRow] => [name, { name, status: "Running", error: "" }];
const load = { processorPercent: 12.5, totalMemoryBytes: 8e9, availableMemoryBytes: 2e9 };

test("a frame has the host, the machines in natural order, and how it ends", async () => {
  const rows = new Map([row("node10"), row("node2")]);
  const frame = await frameOf(rows, load, { columns: 200, rows: 24 });
  expect(frame).toEqual([
    "this host: processors 12.5 % busy, 2.0 GB of 8.0 GB memory available",
    expect.stringMatching(/^NAME/),
    expect.stringMatching(/^node2 /),
    expect.stringMatching(/^node10 /),
    "q or Ctrl-C ends",
  ]);
});

test("a frame fits the terminal, however small that is", async () => {
  const rows = new Map(Array.from({ length: 30 }, (_, index) => row(`machine${index}`)));
  const frame = await frameOf(rows, undefined, { columns: 30, rows: 10 });
  expect(frame).toHaveLength(8);
  expect(Math.max(...frame.map((line) => line.length))).toBeLessThan(30);
  expect(frame.at(-1)).toBe("and 25 more; q or Ctrl-C ends");
});

test.each(["q", "\x03"])("the key %j ends it, and the terminal is as it was", async (key) => {
  const world = await coreWorld();
  await runningMachine(world);
  world.provider.hang("dev");
  const { output, openInput, printed } = recordedParts();
  const stdin = Object.assign(openInput(), { isTTY: true });
  const modes: boolean[] = [];
  stdin.setRawMode = (isRaw) => {
    modes.push(isRaw);
    return stdin;
  };
  onTestFinished(() => void stdin.destroy());
  const showing = untilQuit(stdin, (signal) =>
    showLiveUsage(
      { ...world.context, signal },
      { names: undefined, timeoutMs: 60_000, stream: output.stdout },
    ),
  );
  await vi.waitFor(() => expect(printed()).toContain("q or Ctrl-C ends"), 20_000);
  stdin.emit("data", Buffer.from("x"));
  stdin.emit("data", Buffer.from(key));
  await showing;
  expect(modes).toEqual([true, false]);
  expect(stdin.listenerCount("data")).toBe(0);
});

test("what fails is thrown, and the terminal is as it was", async () => {
  const stdin = Object.assign(recordedParts().openInput(), { isTTY: true });
  const failing = untilQuit(stdin, async () => {
    throw new Error("a bug");
  });
  await expect(failing).rejects.toThrow("a bug");
});
