import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type ImageLocks, parseLockFile } from "../../iso/images/lock-file.ts";

export interface LockFlag {
  readonly lock?: string;
}

/** The lock says all that the flags say which the command has so far: it goes with none of them. */
export function addLockFlag(command: Command, description: string): Command {
  const choosing = command.options.map((option) => option.attributeName());
  const lock = new Option("--lock <FILE>", description);
  return command.addOption(lock.conflicts(choosing));
}

/** @throws TsmachineError FILE_UNREADABLE, LOCK_INVALID */
export async function readLockFile(path: string): Promise<ImageLocks> {
  return parseLockFile(await readText(path), path);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR", "EISDIR", "EACCES")) throw error;
    throw new TsmachineError("FILE_UNREADABLE", `${path} cannot be read`, {
      hints: ["give the file that `tsmachine iso inspect --lock` has printed"],
      cause: error,
    });
  }
}
