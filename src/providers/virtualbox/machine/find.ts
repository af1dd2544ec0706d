import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { readTextIfPresent, unlessMissing } from "../../../host/files/files.ts";
import type { MachineView } from "../control.ts";
import type { VirtualBoxMachine } from "../record.ts";
import { isInPlace, requireOwnView } from "./own.ts";
import type { Tools } from "./tools.ts";
import { isUnreadable, unreadable } from "./unreadable.ts";

/**
 * The machine as VirtualBox has it; undefined when it is not registered. Changes nothing: one whose
 * folder was moved is told of as it was registered.
 */
export function findMachine(
  { uuid }: Pick<VirtualBoxMachine, "uuid">,
  { control }: Pick<Tools, "control">,
): Promise<MachineView | undefined> {
  return control.readMachine(uuid);
}

/**
 * The machine, registered where its folder is now. One that VirtualBox has forgotten, or knows under a
 * former path, is registered anew if its settings file is there.
 * @throws TsmachineError INSTANCE_MISSING; VIRTUALBOX_FAILED where its settings cannot be read; INSTANCE_EXISTS, see
 *   requireOwnView
 */
export async function requireMachine(
  machine: VirtualBoxMachine,
  { control }: Pick<Tools, "control">,
): Promise<MachineView> {
  const { uuid } = machine;
  const found = await control.readMachine(uuid);
  if (found !== undefined && isInPlace(machine, found)) return found;
  await requireOwnView(machine, found);
  const settingsFile = await findSettingsFile(machine);
  if (settingsFile === undefined) throw (await unreadable(machine)) ?? missing(machine);
  if (found !== undefined) await control.unregisterMachine(uuid);
  try {
    await control.registerMachine(settingsFile);
  } catch (error) {
    throw (isUnreadable(error) && (await unreadable(machine, error))) || error;
  }
  const registered = await control.readMachine(uuid);
  if (registered?.settingsFile === undefined) throw missing(machine);
  return registered;
}

/** The settings file of this machine in its folder: VirtualBox renames file and folder with the machine. */
export async function findSettingsFile({
  directory,
  uuid,
}: Pick<VirtualBoxMachine, "directory" | "uuid">): Promise<string | undefined> {
  const entries = (await unlessMissing(readdir(directory, { withFileTypes: true }))) ?? [];
  for (const entry of entries.filter((one) => one.isDirectory())) {
    const folder = join(directory, entry.name);
    for (const name of (await readdir(folder)).filter((one) => one.endsWith(".vbox"))) {
      const path = join(folder, name);
      if ((await readTextIfPresent(path))?.includes(`uuid="{${uuid}}"`)) return path;
    }
  }
  return undefined;
}

/** VirtualBox's folder of the machine. @throws TsmachineError INSTANCE_MISSING */
export function folderOf(machine: VirtualBoxMachine, { settingsFile }: MachineView): string {
  if (settingsFile === undefined) throw missing(machine);
  return dirname(settingsFile);
}

export function missing({ name, uuid }: Pick<VirtualBoxMachine, "name" | "uuid">): TsmachineError {
  return new TsmachineError(
    "INSTANCE_MISSING",
    `machine "${name}" is not in VirtualBox any more, or its disk is gone`,
    {
      hints: [
        `remove what is left with \`tsmachine rm -f ${name}\`, then create the machine again`,
      ],
      context: { uuid },
    },
  );
}
