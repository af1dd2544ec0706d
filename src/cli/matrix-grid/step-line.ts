import { type Progress, type Step, silentStep } from "../../core/progress.ts";
import { formatTransfer } from "../tasks/amounts.ts";
import { transferRate } from "../tasks/transfer-rate.ts";

/** Steps of which only the latest that goes on is shown, in one line. */
export interface StepLine {
  readonly progress: Progress;
  /** "Images for 6.1 and 26.1: Preparing the boot image: 45 %, 33.0 MB of 73.4 MB"; undefined when nothing goes on. */
  text(): string | undefined;
}

interface Shown {
  readonly title: string;
  said: string;
}

/**
 * @param now milliseconds on a clock that never goes back
 * @param hidden titles of steps that are shown elsewhere, with all their parts
 */
export function stepLine(now: () => number, hidden: ReadonlySet<string>): StepLine {
  const underway = new Set<Shown>();
  const progressBelow = (path: readonly string[]): Progress => ({
    async step(title, action) {
      if (hidden.has(title)) return action(silentStep);
      const whole = [...path, title];
      const shown: Shown = { title: whole.join(": "), said: "" };
      underway.add(shown);
      try {
        return await action(stepOf(shown, progressBelow(whole), now));
      } finally {
        underway.delete(shown);
      }
    },
  });
  return {
    progress: progressBelow([]),
    text() {
      const latest = [...underway].at(-1);
      if (latest === undefined) return undefined;
      return latest.said === "" ? latest.title : `${latest.title}: ${latest.said}`;
    },
  };
}

function stepOf(shown: Shown, below: Progress, now: () => number): Step {
  const rateOf = transferRate(now);
  return {
    ...below,
    detail: (text) => {
      shown.said = text;
    },
    conclude: () => {},
    bytes: (transfer) => {
      shown.said = formatTransfer(transfer, rateOf(transfer));
    },
  };
}
