import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { readTextIfPresent } from "../../host/files/files.ts";
import { type OldMachine, parseMachineConfig } from "./machine-config.ts";

/**
 * Names of the machines in docker-machine's store of that folder, sorted.
 * @throws TsmachineError IMPORT_INVALID when there is no such store
 */
export async function listOldMachines(root: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(join(root, "machines"), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR")) throw error;
    throw new TsmachineError("IMPORT_INVALID", `there is no docker-machine store at ${root}`, {
      hints: [
        "name the folder that has `machines` in it, as in `tsmachine import ~/.docker/machine`",
      ],
      cause: error,
    });
  }
}

/** @throws TsmachineError IMPORT_INVALID; the system's errors */
export async function readOldMachine(root: string, name: string): Promise<OldMachine> {
  const path = join(root, "machines", name, "config.json");
  const text = await readTextIfPresent(path);
  if (text !== undefined) return parseMachineConfig(text, path);
  throw new TsmachineError("IMPORT_INVALID", `${path} is not there`, {
    hints: ["put the file back from a copy"],
  });
}

/** Nothing is ever written into the store that is imported, so it cannot be ours as well. */
export async function requireOtherStore(root: string, own: string): Promise<void> {
  if ((await resolved(root)) !== (await resolved(own))) return;
  throw new TsmachineError("INVALID_INPUT", `${root} is the store to import into as well`, {
    hints: [`choose another store: \`tsmachine --storage-path ~/.tsmachine import ${root}\``],
  });
}

async function resolved(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return path;
    throw error;
  }
}
