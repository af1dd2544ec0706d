import { describe, expect, test } from "vitest";
import { poll } from "../../../src/host/poll.ts";

const { signal } = new AbortController();
const limits = { waitingFor: "the door", everyMs: 1, timeoutMs: 5_000, signal };

describe("poll", () => {
  test("asks until there is an answer, which may be false or null", async () => {
    const answers = [undefined, undefined, false];
    expect(await poll(async () => answers.shift(), limits)).toBe(false);
    expect(answers).toEqual([]);
    expect(await poll(async () => null, limits)).toBeNull();
  });

  test("names what it waited for when the time is up", async () => {
    const waiting = poll(async () => undefined, { ...limits, timeoutMs: 20 });
    await expect(waiting).rejects.toMatchObject({
      code: "TIMEOUT",
      message: "gave up waiting for the door after 20 ms",
    });
  });

  test("asks once even without time", async () => {
    expect(await poll(async () => "open", { ...limits, timeoutMs: 0 })).toBe("open");
  });

  test("passes the probe's failure on", async () => {
    const waiting = poll(() => Promise.reject(new Error("locked")), limits);
    await expect(waiting).rejects.toThrow("locked");
  });

  test.each([
    { when: "before the first question", abortIn: 0 },
    { when: "between two questions", abortIn: 1 },
  ])("throws the signal's reason when aborted $when", async ({ abortIn }) => {
    const controller = new AbortController();
    const reason = new Error("interrupted");
    let asked = 0;
    if (abortIn === 0) controller.abort(reason);
    const waiting = poll(
      async () => {
        asked += 1;
        queueMicrotask(() => controller.abort(reason));
        return undefined;
      },
      { ...limits, everyMs: 60_000, timeoutMs: 600_000, signal: controller.signal },
    );
    await expect(waiting).rejects.toBe(reason);
    expect(asked).toBe(abortIn);
  });
});
