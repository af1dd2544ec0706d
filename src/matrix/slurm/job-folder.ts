import { mkdtemp } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { quoteWord } from "../../ssh/remote-command.ts";

/**
 * A new folder for a job, named after the matrix; absolute, as nodes need it.
 * @param parent a folder that all nodes see
 * @throws TsmachineError FILE_UNREADABLE
 */
export async function makeJobFolder(parent: string, matrixName: string): Promise<string> {
  const word = matrixName.replace(/[^0-9A-Za-z.-]+/g, "-");
  try {
    return await mkdtemp(join(resolve(parent), `tsmachine-${word}-`));
  } catch (cause) {
    if (!isSystemError(cause, "ENOENT", "ENOTDIR", "EACCES", "EROFS")) throw cause;
    throw new TsmachineError("FILE_UNREADABLE", `no folder can be made in ${parent}`, {
      hints: ["name a folder that all nodes see and you may write to with --slurm-directory"],
      cause,
    });
  }
}

/** How a user makes the report of what tasks have left in the job's folder. */
export function mergeHint(directory: string): string {
  return `make the report of what the tasks have left with \`tsmachine matrix merge ${quoteWord(directory)}/*.json\``;
}
