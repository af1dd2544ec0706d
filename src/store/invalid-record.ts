import { TsmachineError } from "../errors/tsmachine-error.ts";

export interface RecordSource {
  /** The machine whose record it should be. */
  readonly name: string;
  readonly path: string;
}

export function invalidRecord(problem: string, { name, path }: RecordSource): TsmachineError {
  return new TsmachineError("RECORD_INVALID", `${path} is not readable: ${problem}`, {
    hints: [
      `put the file back from a copy, or remove the machine with \`tsmachine rm -f ${name}\``,
    ],
  });
}
