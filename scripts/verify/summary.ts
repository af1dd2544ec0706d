/** What came of one part of verify. */
export interface Result {
  readonly passed: number;
  /** What failed and why, a line each. */
  readonly failures: readonly string[];
  /** Full titles. */
  readonly skipped: readonly string[];
  readonly durations: readonly Duration[];
}

export interface Duration {
  /** A file's name without folders, or what a part is called. */
  readonly what: string;
  readonly ms: number;
}

/** Where to look first when verify takes too long. */
const maxSlow = 14;
const slowMs = 60_000;

export interface Summary {
  /**
   * What was left out and why, what took long, what failed, then the line that says it all: the end of a
   * log is what people keep.
   */
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
  const failures = [
    ...results.flatMap((result) => result.failures),
    ...skips
      .filter(({ reason }) => reason === undefined)
      .map(({ title }) => `${title}: skipped, which this host gives no reason for`),
  ];
  return {
    lines: [
      ...skips
        .filter(({ reason }) => reason !== undefined)
        .map(({ title, reason }) => `skipped: ${title}: ${reason}`),
      ...slowestOf(results.flatMap(({ durations }) => durations)),
      ...failures.map((failure) => `failed: ${failure}`),
      `${passed} passed, ${failures.length} failed`,
    ],
    exitStatus: failures.length === 0 ? 0 : 1,
  };
}

function slowestOf(durations: readonly Duration[]): string[] {
  return durations
    .filter(({ ms }) => ms >= slowMs)
    .sort((one, other) => other.ms - one.ms)
    .slice(0, maxSlow)
    .map(({ what, ms }) => `took ${Math.round(ms / 1000)} s: ${what}`);
}
