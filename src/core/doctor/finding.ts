/** What one look at the host has found. */
export interface Finding {
  /** What was looked at: "SSH client". */
  readonly check: string;
  /** "advice": machines work, though not as well as they could. */
  readonly verdict: "ok" | "advice" | "problem";
  readonly found: string;
  readonly needed: string;
  /** The exact remedy; absent when there is nothing to mend. */
  readonly remedy?: string;
}
