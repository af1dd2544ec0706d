import { posix, win32 } from "node:path";

/** The names that the program answers to; it speaks docker-machine's words under docker-machine's. */
export type ProgramName = "tsmachine" | "docker-machine";

/**
 * The name the program was called by, from the path of the script that runs (process.argv[1]): a link
 * of another name keeps that name there, and npm's shims on Windows start the script that they are
 * named after.
 */
export function programNameOf(scriptPath: string | undefined): ProgramName {
  const file = posix.basename(win32.basename(scriptPath ?? ""));
  return /^docker-machine(\.\w+)?$/i.test(file) ? "docker-machine" : "tsmachine";
}
