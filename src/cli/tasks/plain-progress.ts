import type { Progress, Step, Transfer } from "../../core/progress.ts";
import { formatDuration, formatTransfer, fractionOf } from "./amounts.ts";
import type { ProgressOptions } from "./progress-style.ts";
import { transferRate } from "./transfer-rate.ts";

const lineEveryMs = 10_000;
const linesPerTransfer = 4;

/**
 * A line when a step starts and one when it ends, and in between, for whoever reads a log of a
 * slow step, what it last said: at most every ten seconds, for a download also every quarter.
 */
export function plainProgress({ stream, now }: Omit<ProgressOptions, "style">): Progress {
  return {
    async step(title, action) {
      const startedAt = now();
      let conclusion = "done in";
      const printEnd = (outcome: string) =>
        stream.write(`${title}: ${outcome} ${formatDuration(now() - startedAt)}\n`);
      stream.write(`${title}...\n`);
      try {
        const result = await action({
          ...plainStep({ stream, now }, title),
          conclude: (text) => {
            conclusion = `${text} after`;
          },
        });
        printEnd(conclusion);
        return result;
      } catch (error) {
        printEnd("failed after");
        throw error;
      }
    },
  };
}

function plainStep(options: Omit<ProgressOptions, "style">, title: string): Omit<Step, "conclude"> {
  const { stream, now } = options;
  let lastLineAt = now();
  let lastQuarter = 0;
  let lastText = "";
  const rateOf = transferRate(now);

  function print(text: string): void {
    if (text === lastText) return;
    stream.write(`${title}: ${text}\n`);
    lastLineAt = now();
    lastText = text;
  }
  const isLineDue = () => now() - lastLineAt >= lineEveryMs;

  return {
    ...plainProgress(options),
    detail(text) {
      if (isLineDue()) print(text);
    },
    bytes(transfer: Transfer) {
      const rate = rateOf(transfer);
      const quarter = Math.floor(fractionOf(transfer) * linesPerTransfer);
      // The last quarter's line would say what the step's end says.
      const isQuarterDue = quarter > lastQuarter && quarter < linesPerTransfer;
      if (isQuarterDue || isLineDue()) print(formatTransfer(transfer, rate));
      lastQuarter = quarter;
    },
  };
}
