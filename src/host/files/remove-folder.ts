import { rename, rm } from "node:fs/promises";
import { isSystemError } from "../../errors/system-error.ts";
import { temporaryPathFor } from "./files.ts";

/** Removes a folder with all in it. Renamed first, so that what is half deleted does not have its name. */
export async function removeFolder(directory: string): Promise<void> {
  const aside = temporaryPathFor(directory);
  try {
    await rename(directory, aside);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}
