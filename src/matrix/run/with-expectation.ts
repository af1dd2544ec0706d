import type { Verdict } from "./verdict.ts";

/** What is expected to fail turns out as that; of what nothing is known it stays so. */
export function withExpectation(verdict: Verdict, xfail: string | undefined): Verdict {
  if (xfail === undefined) return verdict;
  switch (verdict.outcome) {
    case "infra":
    case "not-run":
      return verdict;
    case "pass":
      return { ...verdict, outcome: "unexpected-pass", reason: `expected to fail: ${xfail}` };
    default:
      return { ...verdict, outcome: "expected-fail" };
  }
}
