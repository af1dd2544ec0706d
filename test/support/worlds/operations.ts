import { onTestFinished } from "vitest";
import type { Operation } from "../../../src/providers/provider.ts";

export interface RecordedOperation extends Operation {
  /** What was reported so far. */
  readonly steps: readonly string[];
}

/** An operation that nobody aborts, except the end of the running test. */
export function recordedOperation(): RecordedOperation {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const steps: string[] = [];
  return { signal: controller.signal, report: (step) => steps.push(step), steps };
}
