import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** A part of a template's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** In Go's words: `template: :LINE:COLUMN: problem`; lines count from 1, columns from 0. */
export function templateError(source: string, offset: number, problem: string): TsmachineError {
  const before = source.slice(0, offset);
  const line = before.split("\n").length;
  const column = offset - (before.lastIndexOf("\n") + 1);
  return new TsmachineError("TEMPLATE_INVALID", `template: :${line}:${column}: ${problem}`, {
    hints: ["correct --format, as in `--format '{{.Name}}'`"],
    context: { template: source },
  });
}

/** For what shows only when the template meets a value. */
export function executionError(
  source: string,
  { start, end }: Span,
  problem: string,
): TsmachineError {
  return templateError(source, start, `executing "" at <${source.slice(start, end)}>: ${problem}`);
}
