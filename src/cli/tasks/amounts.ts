import type { Transfer } from "../../core/progress.ts";

/** "0.4 s", "12.3 s", "2 min 05 s" */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const wholeSeconds = Math.round(seconds);
  return `${Math.floor(wholeSeconds / 60)} min ${String(wholeSeconds % 60).padStart(2, "0")} s`;
}

/** "512 B", "34.1 MB": decimal units, as downloads are usually counted. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** "45 %, 33.0 MB of 73.4 MB, 4.1 MB/s"; less of it where the total or the rate is not known. */
export function formatTransfer(
  { received, total }: Transfer,
  bytesPerSecond: number | undefined,
): string {
  const parts =
    total === undefined
      ? [formatBytes(received)]
      : [
          `${Math.floor(fractionOf({ received, total }) * 100)} %`,
          `${formatBytes(received)} of ${formatBytes(total)}`,
        ];
  if (bytesPerSecond !== undefined) parts.push(`${formatBytes(bytesPerSecond)}/s`);
  return parts.join(", ");
}

/** How much is done, between 0 and 1; 0 when the total is not known. */
export function fractionOf({ received, total }: Transfer): number {
  if (total === undefined) return 0;
  return total === 0 ? 1 : Math.min(received / total, 1);
}
