import { stat } from "node:fs/promises";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

/**
 * Refuses a path where something is, before anything is made that is to go there.
 * @throws TsmachineError FILE_EXISTS
 */
export async function refuseExisting(path: string): Promise<void> {
  try {
    await stat(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return;
    throw error;
  }
  throw new TsmachineError("FILE_EXISTS", `there is a file ${path} already`, {
    hints: ["choose another name, or overwrite it with --force"],
  });
}
