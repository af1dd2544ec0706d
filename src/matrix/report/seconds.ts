/** "0.4 s", "725.0 s": in one unit, so that the cells of a page can be compared. */
export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
