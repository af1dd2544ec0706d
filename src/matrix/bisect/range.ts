import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { compareVersions } from "../../iso/debian/packages/version.ts";

/** A range of series: both ends belong to it. */
export interface SeriesRange {
  readonly from: string;
  readonly to: string;
}

/** Reads "5.10..7.3". @throws TsmachineError INVALID_INPUT naming the flag */
export function parseRange(text: string, flag: string): SeriesRange {
  const [, from, to] = /^(\d+\.\d+)\.\.(\d+\.\d+)$/.exec(text.trim()) ?? [];
  if (from === undefined || to === undefined) {
    throw new TsmachineError("INVALID_INPUT", `${flag} "${text}" is no range`, {
      hints: [`give the first and the last series, as in ${flag} 5.10..6.12`],
    });
  }
  if (compareVersions(from, to) > 0) {
    throw new TsmachineError("INVALID_INPUT", `${flag} "${text}" ends before it begins`, {
      hints: [`give the older series first: ${flag} ${to}..${from}`],
    });
  }
  return { from, to };
}

/**
 * The series of the range, each once, oldest first.
 * @throws TsmachineError INVALID_INPUT when an end is not among them, or nothing is between
 */
export function seriesWithin(
  { from, to }: SeriesRange,
  offered: readonly string[],
  flag: string,
): readonly string[] {
  const series = [...new Set(offered)].sort(compareVersions);
  for (const end of [from, to]) {
    if (series.includes(end)) continue;
    throw new TsmachineError("INVALID_INPUT", `${flag}: series ${end} is not offered`, {
      hints: [`choose the ends among: ${series.join(", ")}`],
    });
  }
  const found = series.filter(
    (one) => compareVersions(one, from) >= 0 && compareVersions(one, to) <= 0,
  );
  if (found.length > 1) return found;
  throw new TsmachineError("INVALID_INPUT", `${flag} "${from}..${to}" has one series alone`, {
    hints: ["give a range of at least two series"],
  });
}
