import { describe, expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import type { Cell } from "../../../../src/matrix/definition/matrix.ts";
import type { Outcome } from "../../../../src/matrix/report/outcome.ts";
import { runSchedule, type Schedule, type TryCell } from "../../../../src/matrix/run/schedule.ts";
import { shellCell } from "../../../support/matrix/matrix-world.ts";
import { sampleResult } from "../../../support/matrix/sample-report.ts";
import { coreWorld } from "../../../support/worlds/core-world.ts";

const cells = ["a", "b", "c", "d"].map((name) => shellCell(name, "", {}));

/** Images that are all there. */
const there: Schedule["images"] = {
  readyFor: async () => {},
  releaseOf: () => undefined,
  close: async () => {},
};

const ends =
  (outcomeOf: (cell: Cell, isLastAttempt: boolean) => Outcome): TryCell =>
  async (_context, cell, { isLastAttempt }) =>
    sampleResult({ workload: cell.workload.name, outcome: outcomeOf(cell, isLastAttempt) });

const schedule = { jobs: 1, failsFast: false, images: there, tryCell: ends(() => "pass") };

async function run(changes: Partial<Schedule>) {
  const { context } = await coreWorld();
  return runSchedule(context, cells, { ...schedule, ...changes });
}

const summaryOf = (results: Awaited<ReturnType<typeof run>>) =>
  results.map(({ workload, outcome, attempts }) => [workload, outcome, attempts]);

describe("a schedule", () => {
  test("gives results in the order of the cells, whatever ends first, and runs as many at once as it may", async () => {
    const underway = new Set<string>();
    let most = 0;
    const waiting = new Map<string, () => void>();
    const tryCell: TryCell = async (_context, { workload: { name } }) => {
      underway.add(name);
      most = Math.max(most, underway.size);
      // "a" ends last of all.
      if (name === "a") await new Promise<void>((resolve) => waiting.set("a", resolve));
      if (name === "d") waiting.get("a")?.();
      underway.delete(name);
      return sampleResult({ workload: name });
    };
    const summary = summaryOf(await run({ jobs: 2, tryCell }));
    expect(summary.map(([name]) => name)).toEqual(["a", "b", "c", "d"]);
    expect(most).toBe(2);
  });

  test("says how far its cells have come, and what they ended with", async () => {
    const images: Schedule["images"] = {
      ...there,
      readyFor: async ({ workload: { name } }) => {
        if (name === "b") throw new TsmachineError("KERNEL_UNSUITABLE", "it lacks CONFIG_X");
      },
    };
    const tryCell = ends(({ workload: { name } }) => (name === "c" ? "fail" : "pass"));
    const told: string[] = [];
    const watch: Schedule["watch"] = ({ workload: { name } }, state) =>
      void told.push(`${name} ${state.kind === "ended" ? state.outcome : state.kind}`);
    await run({ images, tryCell, watch, failsFast: true });
    expect(told).toEqual([
      ...["a preparing", "a pass", "b preparing", "b unsupported"],
      ...["c not-run", "d not-run"],
    ]);
  });

  test("tries once more what nothing was found out about, and nothing else", async () => {
    const outcomes: Readonly<Record<string, Outcome>> = { a: "infra", b: "fail", c: "boot-fail" };
    const tryCell = ends(({ workload: { name } }, isLastAttempt) =>
      name === "d" && !isLastAttempt ? "infra" : (outcomes[name] ?? "pass"),
    );
    expect(summaryOf(await run({ tryCell }))).toEqual([
      ["a", "infra", 2],
      ["b", "fail", 1],
      ["c", "boot-fail", 1],
      ["d", "pass", 2],
    ]);
  });

  test("that fails fast leaves what was not begun, and ends the making of images", async () => {
    const failed = new AbortController();
    const images: Schedule["images"] = {
      ...there,
      readyFor: async ({ workload: { name } }) => {
        // The images of "b" would take for ever.
        if (name !== "b") return;
        await new Promise((_, reject) =>
          failed.signal.addEventListener("abort", () => reject(failed.signal.reason)),
        );
      },
      close: async () => failed.abort(new Error("the run is over")),
    };
    const tryCell = ends(() => "fail");
    expect(summaryOf(await run({ jobs: 2, failsFast: true, images, tryCell }))).toEqual([
      ["a", "fail", 1],
      ["b", "not-run", 0],
      ["c", "not-run", 0],
      ["d", "not-run", 0],
    ]);
  });

  test("that fails fast goes on after failures that were expected", async () => {
    const tryCell = ends(() => "expected-fail");
    const summary = summaryOf(await run({ failsFast: true, tryCell }));
    expect(summary.map(([, outcome]) => outcome)).toEqual(cells.map(() => "expected-fail"));
  });

  test("goes on when the images of a cell cannot be made", async () => {
    const images: Schedule["images"] = {
      ...there,
      readyFor: async ({ workload: { name } }) => {
        if (name === "a") throw new TsmachineError("KERNEL_UNSUITABLE", "it lacks CONFIG_X");
        if (name === "b") throw new TsmachineError("TIMEOUT", "the download stalled");
      },
    };
    expect(summaryOf(await run({ images }))).toEqual([
      ["a", "unsupported", 0],
      ["b", "infra", 0],
      ["c", "pass", 1],
      ["d", "pass", 1],
    ]);
  });

  test("keeps all other results when something of ours fails in a cell", async () => {
    const tryCell: TryCell = async (_context, { workload: { name } }) => {
      if (name === "b") throw new Error("x is not a function");
      return sampleResult({ workload: name });
    };
    const results = await run({ tryCell });
    expect(results).toMatchObject([
      { outcome: "pass" },
      { outcome: "infra", reason: "x is not a function", workload: "b" },
      { outcome: "pass" },
      { outcome: "pass" },
    ]);
  });

  test("that is interrupted waits for the cells that were begun, and begins no other", async () => {
    const reason = new Error("the user pressed Ctrl-C");
    const tried: string[] = [];
    const { context, abort } = await coreWorld();
    const tryCell: TryCell = async ({ signal }, { workload: { name } }) => {
      tried.push(name);
      if (name === "b") abort(reason);
      while (!signal.aborted) await new Promise((resolve) => setImmediate(resolve));
      tried.push(`${name} ended`);
      throw signal.reason;
    };
    const running = runSchedule(context, cells, { ...schedule, jobs: 2, tryCell });
    await expect(running).rejects.toBe(reason);
    expect(tried.toSorted()).toEqual(["a", "a ended", "b", "b ended"]);
  });
});
