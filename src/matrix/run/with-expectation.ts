import type { Expectation } from "../definition/expectations.ts";
import type { Outcome } from "../report/outcome.ts";
import type { Verdict } from "./verdict.ts";

export interface ExpectedVerdict extends Verdict {
  /** What was found out, where the expectation makes something else of it. */
  readonly observed?: Outcome;
}

/** What a workload makes of a cell: what kernel, engine or hypervisor do is expected only by name. */
const usualOutcomes: readonly Outcome[] = ["fail", "timeout"];

/**
 * What is expected to fail, and how, turns out as that; what fails in another way does not, and of what nothing is known
 * it stays so.
 */
export function withExpectation(
  verdict: Verdict,
  { xfail, xfailOutcomes = usualOutcomes }: Expectation,
): ExpectedVerdict {
  const { outcome: observed } = verdict;
  if (xfail === undefined) return verdict;
  if (observed === "pass") {
    const reason = `expected to fail: ${xfail}`;
    return { ...verdict, outcome: "unexpected-pass", observed, reason };
  }
  if (!xfailOutcomes.includes(observed)) return verdict;
  return { ...verdict, outcome: "expected-fail", observed };
}
