/** What came of one part of verify. */
export interface Result {
  readonly passed: number;
  readonly failed: number;
  /** Full titles. */
  readonly skipped: readonly string[];
}

export interface Summary {
  /** What was left out and why, then the line that says it all. */
  readonly lines: readonly string[];
  readonly exitStatus: 0 | 1;
}

/**
 * A test that was skipped without a reason counts as failed.
 * @param reasonToSkip by full title; undefined when a test may not be skipped
 */
export function summarize(
  results: readonly Result[],
  reasonToSkip: (title: string) => string | undefined,
): Summary {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const skips = results
    .flatMap((result) => result.skipped)
    .map((title) => ({ title, reason: reasonToSkip(title) }));
  const unjustified = skips.filter(({ reason }) => reason === undefined).length;
  const failed = results.reduce((sum, result) => sum + result.failed, unjustified);
  return {
    lines: [
      ...skips.map(({ title, reason }) =>
        reason === undefined
          ? `failed: ${title}: skipped, which this host gives no reason for`
          : `skipped: ${title}: ${reason}`,
      ),
      `${passed} passed, ${failed} failed`,
    ],
    exitStatus: failed === 0 ? 0 : 1,
  };
}
