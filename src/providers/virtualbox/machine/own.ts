import { realpath } from "node:fs/promises";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { unlessMissing } from "../../../host/files/files.ts";
import type { MachineView } from "../control.ts";
import { isBelow } from "../paths.ts";
import type { VirtualBoxMachine } from "../record.ts";
import type { Tools } from "./tools.ts";

/** Whether VirtualBox knows the machine where its folder is now. */
export function isInPlace(
  { directory }: Pick<VirtualBoxMachine, "directory">,
  { settingsFile }: Pick<MachineView, "settingsFile">,
): boolean {
  return settingsFile !== undefined && isBelow(directory, settingsFile);
}

/**
 * Whether what VirtualBox has registered is the machine of another store, of which this one is a copy: its
 * settings are still where they were, and that is not here. One whose folder was moved is this one.
 */
export async function isOfAnotherStore(
  machine: Pick<VirtualBoxMachine, "directory">,
  view: Pick<MachineView, "settingsFile">,
): Promise<boolean> {
  const { settingsFile } = view;
  if (settingsFile === undefined || isInPlace(machine, view)) return false;
  const registered = await unlessMissing(realpath(settingsFile));
  if (registered === undefined) return false;
  // The same folder may have two names.
  const directory = (await unlessMissing(realpath(machine.directory))) ?? machine.directory;
  return !isBelow(directory, registered);
}

type Place = Pick<VirtualBoxMachine, "uuid" | "name" | "directory">;

/** @throws TsmachineError INSTANCE_EXISTS when VirtualBox has the machine of another store by this UUID. */
export async function requireOwnView(machine: Place, view: MachineView | undefined): Promise<void> {
  if (view === undefined || !(await isOfAnotherStore(machine, view))) return;
  const { uuid, name } = machine;
  throw new TsmachineError(
    "INSTANCE_EXISTS",
    `VirtualBox has machine "${name}" in another folder, of which this is a copy: ${view.settingsFile}`,
    {
      hints: [
        `use the store that it is in; or, to use this copy, stop that one and run \`VBoxManage unregistervm ${uuid}\`, which leaves its files`,
      ],
      context: { uuid },
    },
  );
}

/** @throws TsmachineError INSTANCE_EXISTS when VirtualBox has the machine of another store by this UUID. */
export async function requireOwn(
  machine: Place,
  { control }: Pick<Tools, "control">,
): Promise<void> {
  await requireOwnView(machine, await control.readMachine(machine.uuid));
}
