import { access, constants } from "node:fs/promises";
import { isSystemError } from "../../../errors/system-error.ts";
import { type RegisteredMachine, readRegistry } from "../registry.ts";
import type { VirtualBoxWorld } from "../world.ts";

/**
 * What to do about machines that VirtualBox lists as "<inaccessible>", for their settings files are gone or
 * another's: a line, or none.
 */
export async function unreadableMachines(
  world: Pick<VirtualBoxWorld, "settingsFolder">,
): Promise<readonly string[]> {
  const lost: RegisteredMachine[] = [];
  for (const machine of await readRegistry(world)) {
    if (!(await isReadable(machine.path))) lost.push(machine);
  }
  if (lost.length === 0) return [];
  const remedies = lost.map(
    ({ uuid, path }) => `bring ${path} back, or run \`VBoxManage unregistervm ${uuid}\``,
  );
  return [`VirtualBox cannot read some of its machines: ${remedies.join("; ")}`];
}

async function isReadable(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return true;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EACCES")) return false;
    throw error;
  }
}
