import { TsmachineError } from "../../../errors/tsmachine-error.ts";

/** IMPORT_INVALID about the archive at `path`; `problem` says what is wrong with it. */
export function invalidArchive(path: string, problem: string, cause?: unknown): TsmachineError {
  return new TsmachineError("IMPORT_INVALID", `${path} is no usable machine archive: ${problem}`, {
    hints: ["copy it again, or make a new one with `tsmachine export NAME FILE`"],
    context: { path },
    cause,
  });
}
