import { describe, expect, it } from "vitest";
import { plainProgress } from "../../../../src/cli/tasks/plain-progress.ts";
import type { Step } from "../../../../src/core/progress.ts";
import { recordingStream } from "../streams.ts";

/** Runs one step under a clock that the step moves; gives back the lines written. */
async function linesOf(action: (step: Step, pass: (ms: number) => void) => void) {
  const { stream, written } = recordingStream();
  let nowMs = 0;
  const progress = plainProgress({ stream, now: () => nowMs });
  await progress
    .step("Downloading", async (step) =>
      action(step, (ms) => {
        nowMs += ms;
      }),
    )
    .catch(() => {});
  return written().trimEnd().split("\n");
}

describe("plain progress", () => {
  it("has a line for a step's start and one for its end with the time it took", async () => {
    expect(await linesOf((_step, pass) => pass(3200))).toEqual([
      "Downloading...",
      "Downloading: done in 3.2 s",
    ]);
  });

  it("says what a step came to", async () => {
    const lines = await linesOf((step, pass) => {
      step.conclude("kernel-splat");
      pass(3200);
    });
    expect(lines.at(-1)).toBe("Downloading: kernel-splat after 3.2 s");
  });

  it("says when a step failed", async () => {
    const lines = await linesOf((_step, pass) => {
      pass(500);
      throw new Error("broken");
    });
    expect(lines.at(-1)).toBe("Downloading: failed after 0.5 s");
  });

  it("has a line for each quarter of a download", async () => {
    const lines = await linesOf((step, pass) => {
      for (let received = 0; received <= 100e6; received += 1e6) {
        step.bytes({ received, total: 100e6 });
        pass(50);
      }
    });
    expect(lines.slice(1, -1)).toEqual([
      "Downloading: 25 %, 25.0 MB of 100.0 MB, 20.0 MB/s",
      "Downloading: 50 %, 50.0 MB of 100.0 MB, 20.0 MB/s",
      "Downloading: 75 %, 75.0 MB of 100.0 MB, 20.0 MB/s",
    ]);
  });

  it("has a line every ten seconds of a download of unknown size", async () => {
    const lines = await linesOf((step, pass) => {
      for (let second = 0; second < 25; second += 1) {
        step.bytes({ received: second * 1e6, total: undefined });
        pass(1000);
      }
    });
    expect(lines.slice(1, -1)).toEqual([
      "Downloading: 10.0 MB, 1.0 MB/s",
      "Downloading: 20.0 MB, 1.0 MB/s",
    ]);
  });

  it("shows a detail only when the step has been silent for ten seconds", async () => {
    const lines = await linesOf((step, pass) => {
      step.detail("quick");
      pass(10_000);
      step.detail("waiting for SSH");
      pass(10_000);
      step.detail("waiting for SSH");
    });
    expect(lines.slice(1, -1)).toEqual(["Downloading: waiting for SSH"]);
  });
});
