/** "0.4 s", "725.0 s": in one unit, so that the cells of a page can be compared. */
export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** "2026-11-01 10:00:00 UTC" of a time as reports have it. */
export function formatTime(time: string): string {
  return new Date(time).toISOString().replace("T", " ").replace(/\..*$/, " UTC");
}
