import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** ARCHIVE_INVALID about the archive at `path`; `problem` says what is wrong with it. */
export function invalidArchive(path: string, problem: string, cause?: unknown): TsmachineError {
  return new TsmachineError("ARCHIVE_INVALID", `${path} cannot be unpacked: ${problem}`, {
    hints: ["delete the file, then run the command again to fetch it anew"],
    context: { path },
    cause,
  });
}
