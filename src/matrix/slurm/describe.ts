import { outcomesByGravity } from "../report/outcome.ts";
import type { TaskResult } from "./task-result.ts";
import type { TaskState } from "./task-state.ts";

/** "2 PENDING (Resources), 1 RUNNING" */
export function describeStates(states: readonly TaskState[]): string {
  const texts = states.map(({ state, reason }) =>
    state === "PENDING" && reason !== "None" ? `${state} (${reason})` : state,
  );
  return countEach([...new Set(texts)].sort(), texts);
}

/** "1 fail, 3 pass" */
export function describeResult(result: TaskResult): string {
  switch (result.kind) {
    case "reported":
      return countEach(
        outcomesByGravity,
        result.file.report.results.map(({ outcome }) => outcome),
      );
    case "lost":
      return "no report";
    case "not begun":
      return "cancelled before it began";
  }
}

function countEach(names: readonly string[], found: readonly string[]): string {
  return names
    .map((name) => [found.filter((one) => one === name).length, name] as const)
    .filter(([count]) => count > 0)
    .map((words) => words.join(" "))
    .join(", ");
}
