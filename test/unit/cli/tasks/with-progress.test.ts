import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { progressStyle } from "../../../../src/cli/tasks/progress-style.ts";
import { withProgress } from "../../../../src/cli/tasks/with-progress.ts";
import type { Progress } from "../../../../src/core/progress.ts";
import { recordingStream } from "../streams.ts";

const showCursor = "\u001b[?25h";

describe("the style of progress", () => {
  const terminal = recordingStream({ isTTY: true }).stream;
  const file = recordingStream().stream;
  const unsized = recordingStream({ isTTY: true, columns: 0 }).stream;
  it.each([
    { style: "live", why: "a terminal", change: {} },
    { style: "plain", why: "no terminal", change: { stream: file } },
    { style: "plain", why: "a terminal that does not know its width", change: { stream: unsized } },
    { style: "plain", why: "a dumb terminal", change: { environment: { TERM: "dumb" } } },
    { style: "plain", why: "debugging output", change: { debug: true } },
    { style: "silent", why: "--quiet", change: { quiet: true } },
  ])("is $style with $why", ({ style, change }) => {
    const usual = { quiet: false, debug: false, stream: terminal, environment: {} };
    expect(progressStyle({ ...usual, ...change })).toBe(style);
  });
});

describe.each(["live", "plain", "silent"] as const)("%s progress", (style) => {
  function show<T>(action: (progress: Progress) => Promise<T>) {
    const { stream, written } = recordingStream({ isTTY: true, columns: 80 });
    return { result: withProgress({ style, stream, now: () => 0 }, action), written };
  }

  it("gives back what steps give, at any depth and at the same time", async () => {
    const { result } = show((progress) =>
      progress.step("All", async (all) => {
        const parts = await Promise.all([
          all.step("One", async () => 1),
          all.step("Two", async () => 2),
        ]);
        return parts.concat(await all.step("Three", async () => 3));
      }),
    );
    expect(await result).toEqual([1, 2, 3]);
  });

  it("passes a step's error through", async () => {
    const failure = new Error("broken");
    const { result } = show((progress) => progress.step("Fails", () => Promise.reject(failure)));
    await expect(result).rejects.toBe(failure);
  });

  it("writes nothing when there was no step", async () => {
    const { result, written } = show(async () => "done");
    await result;
    expect(written()).toBe("");
  });
});

describe("a live list", () => {
  async function lastFrameOf(action: (progress: Progress) => Promise<unknown>) {
    const { stream, written } = recordingStream({ isTTY: true, columns: 80 });
    await withProgress({ style: "live", stream, now: () => 0 }, action).catch(() => {});
    expect(written().endsWith(showCursor)).toBe(true);
    const frames = written().split("\u001b[1A").at(-1) ?? "";
    return stripVTControlCharacters(frames).trimEnd().split("\n");
  }

  it("ends with each step, its outcome and its time", async () => {
    const frame = await lastFrameOf(async (progress) => {
      await progress.step("First", async () => {});
      await progress.step("Second", () => Promise.reject(new Error("not shown here")));
    });
    expect(frame).toEqual([
      expect.stringMatching(/^. First 0\.0 s$/),
      expect.stringMatching(/^. Second 0\.0 s$/),
    ]);
  });

  it("folds the parts of a step that is done, and shows those of one that failed", async () => {
    const frame = await lastFrameOf(async (progress) => {
      await progress.step("Done", (step) => step.step("Hidden part", async () => {}));
      await progress.step("Failed", async (step) => {
        await step.step("Good part", async () => {});
        await step.step("Bad part", () => Promise.reject(new Error("broken")));
      });
    });
    expect(frame).toEqual([
      expect.stringMatching(/^. Done /),
      expect.stringMatching(/^. Failed /),
      expect.stringMatching(/^ {2}. Good part /),
      expect.stringMatching(/^ {2}. Bad part /),
    ]);
  });

  it("is not drawn again by a step that outlives it", async () => {
    const { stream, written } = recordingStream({ isTTY: true, columns: 80 });
    let endLate = () => {};
    let late: Promise<void> | undefined;
    await withProgress({ style: "live", stream, now: () => 0 }, async (progress) => {
      late = progress.step("Late", () => new Promise((resolve) => (endLate = resolve)));
      await progress.step("Early", async () => {});
    });
    const textAtEnd = written();
    endLate();
    await late;
    expect(written()).toBe(textAtEnd);
  });

  it("needs a terminal", async () => {
    const { stream } = recordingStream();
    await expect(
      withProgress({ style: "live", stream, now: () => 0 }, async () => {}),
    ).rejects.toThrow("a live list needs a terminal");
  });
});
