/** How a candidate behaves: as the first one, or otherwise. */
export type Behaviour = "works" | "fails";

export interface Change {
  /** Index of the last candidate that behaves as the first one. */
  readonly last: number;
  /** Index of the first that does not. */
  readonly first: number;
  /** What that one does. */
  readonly behaviour: Behaviour;
}

/**
 * Where in a row of candidates the behaviour changes, by trying as few as can be: both ends, then the
 * middle of what is left. Where it changes several times, one of the changes is found.
 * @param count at least 1
 * @returns undefined when both ends behave the same
 */
export async function findChange(
  count: number,
  behaviourOf: (index: number) => Promise<Behaviour>,
): Promise<Change | undefined> {
  const before = await behaviourOf(0);
  let first = count - 1;
  if (first === 0) return undefined;
  const behaviour = await behaviourOf(first);
  if (behaviour === before) return undefined;
  let last = 0;
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if ((await behaviourOf(middle)) === before) last = middle;
    else first = middle;
  }
  return { last, first, behaviour };
}
