import type { Transfer } from "../../core/progress.ts";
import { formatTransfer, fractionOf } from "./amounts.ts";

const longestBar = 30;
const shortestBar = 8;

/**
 * "━━━━━╌╌╌╌╌ 50 %, 5.0 MB of 10.0 MB, 2.0 MB/s" in at most `columns` columns: the bar gets what
 * the words leave, and goes where it would be too short to read or the total is not known.
 */
export function transferLine(options: {
  readonly transfer: Transfer;
  readonly bytesPerSecond: number | undefined;
  readonly columns: number;
  /** False where the terminal shows ASCII alone. */
  readonly unicode: boolean;
}): string {
  const words = formatTransfer(options.transfer, options.bytesPerSecond);
  const room = Math.min(longestBar, options.columns - words.length - 1);
  if (room < shortestBar || options.transfer.total === undefined) return words;
  const filled = Math.floor(fractionOf(options.transfer) * room);
  const [full, empty] = options.unicode ? ["━", "╌"] : ["=", "-"];
  return `${full.repeat(filled)}${empty.repeat(room - filled)} ${words}`;
}
