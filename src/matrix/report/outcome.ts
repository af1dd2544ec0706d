import * as z from "zod";

/** Every way in which a cell can end; no two are ever confused. docs/matrix.md explains each. */
export const outcomeSchema = z.enum([
  "pass",
  "expected-fail",
  "fail",
  "timeout",
  "kernel-splat",
  "engine-fail",
  "boot-fail",
  "unexpected-pass",
  "unsupported",
  "infra",
  "not-run",
]);
export type Outcome = z.infer<typeof outcomeSchema>;

/** What a definition may expect of a cell: outcomes that say something bad of it. */
export const expectableOutcomeSchema = outcomeSchema.extract([
  "fail",
  "timeout",
  "kernel-splat",
  "engine-fail",
  "boot-fail",
  "unsupported",
]);

export interface OutcomeTraits {
  /** What a run ends with whose gravest outcome this is. */
  readonly exitStatus: number;
  /** What it says of kernel and engine; of the "unknown", a later run may say anything. */
  readonly verdict: "good" | "bad" | "unknown";
  /** One character that tells outcomes apart without colours. */
  readonly symbol: string;
  /** What the outcome says of the cell, as a clause. */
  readonly meaning: string;
}

/** In the order of their gravity, the gravest first. */
export const outcomes = {
  "kernel-splat": {
    exitStatus: 12,
    verdict: "bad",
    symbol: "✸",
    meaning:
      "the kernel reported a bug, a warning, a hung task or a lockup, panicked, or restarted without a word",
  },
  "boot-fail": {
    exitStatus: 14,
    verdict: "bad",
    symbol: "⊘",
    meaning: "the kernel did not come up",
  },
  "engine-fail": {
    exitStatus: 13,
    verdict: "bad",
    symbol: "⊗",
    meaning: "the engine did not start, or ended while the workload ran",
  },
  fail: {
    exitStatus: 10,
    verdict: "bad",
    symbol: "✗",
    meaning: "the workload ended with a status other than 0",
  },
  timeout: {
    exitStatus: 11,
    verdict: "bad",
    symbol: "◔",
    meaning: "the workload did not end in its time",
  },
  "unexpected-pass": {
    exitStatus: 16,
    verdict: "bad",
    symbol: "!",
    meaning: "the workload passed where it was expected to fail",
  },
  unsupported: {
    exitStatus: 15,
    verdict: "bad",
    symbol: "∅",
    meaning: "the kernel's configuration lacks what the engine needs; nothing was booted",
  },
  infra: {
    exitStatus: 17,
    verdict: "unknown",
    symbol: "?",
    meaning: "nothing is known of the cell: a download, the hypervisor or the host failed",
  },
  "not-run": {
    exitStatus: 18,
    verdict: "unknown",
    symbol: "·",
    meaning: "the run ended before the cell's turn",
  },
  "expected-fail": {
    exitStatus: 0,
    verdict: "good",
    symbol: "x",
    meaning: "the cell failed, as the definition says it would",
  },
  pass: {
    exitStatus: 0,
    verdict: "good",
    symbol: "✓",
    meaning: "the workload ended with status 0",
  },
} as const satisfies Record<Outcome, OutcomeTraits>;

/** The outcomes in the order of their gravity, the gravest first. */
export const outcomesByGravity = Object.keys(outcomes).map((name) => outcomeSchema.parse(name));

/** Whether a cell that ended so did not turn out as expected. */
export function isFailure(outcome: Outcome): boolean {
  return outcome !== "not-run" && outcomes[outcome].exitStatus !== 0;
}

/** What a run of cells with these outcomes ends with: the gravest one's status, 0 for none. */
export function exitStatusOf(found: Iterable<Outcome>): number {
  const present = new Set(found);
  const gravest = outcomesByGravity.find((outcome) => present.has(outcome));
  return gravest === undefined ? 0 : outcomes[gravest].exitStatus;
}
