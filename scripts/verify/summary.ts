/** What came of one part of verify. */
export interface Result {
  readonly passed: number;
  readonly failed: number;
  /** Full titles. */
  readonly skipped: readonly string[];
}

/** The last lines: what was left out, then the line that says it all, and the exit status. */
export function summarize(results: readonly Result[]): {
  readonly lines: readonly string[];
  readonly exitStatus: 0 | 1;
} {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const skipped = results.flatMap((result) => result.skipped);
  return {
    lines: [...skipped.map((title) => `skipped: ${title}`), `${passed} passed, ${failed} failed`],
    exitStatus: failed === 0 ? 0 : 1,
  };
}
