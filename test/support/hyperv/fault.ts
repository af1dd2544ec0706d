/** What is wrong with a script; line and column count from 1, columns in UTF-16 code units. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** In the order in which a reader meets them. */
export function inReadingOrder(faults: readonly Fault[]): readonly Fault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
