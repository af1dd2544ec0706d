import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { readTextIfPresent, unlessMissing } from "../../../host/files/files.ts";
import { codes, hasCode } from "../failure.ts";
import type { VirtualBoxMachine } from "../record.ts";

type Place = Pick<VirtualBoxMachine, "uuid" | "name" | "directory">;

/** The settings as VirtualBox had them before it last wrote them: it keeps them as NAME.vbox-prev. */
export async function findPreviousSettings({
  directory,
  uuid,
}: Pick<Place, "uuid" | "directory">): Promise<string | undefined> {
  const entries = (await unlessMissing(readdir(directory, { withFileTypes: true }))) ?? [];
  for (const entry of entries.filter((one) => one.isDirectory())) {
    const folder = join(directory, entry.name);
    for (const name of (await readdir(folder)).filter((one) => one.endsWith(".vbox-prev"))) {
      const path = join(folder, name);
      if ((await readTextIfPresent(path))?.includes(`uuid="{${uuid}}"`)) return path;
    }
  }
  return undefined;
}

/** Whether VirtualBox has found no settings in the file that it was to read. */
export function isUnreadable(error: unknown): error is TsmachineError {
  return [codes.failure, codes.fileError, codes.xmlError].some((code) => hasCode(error, code));
}

/** Settings that are cut off, or gone; undefined where there are none to put in their place. */
export async function unreadable(
  machine: Place,
  cause?: TsmachineError,
): Promise<TsmachineError | undefined> {
  const previous = await findPreviousSettings(machine);
  if (previous === undefined) return undefined;
  const { name, uuid } = machine;
  const settingsFile = previous.slice(0, -"-prev".length);
  return new TsmachineError(
    "VIRTUALBOX_FAILED",
    `VirtualBox cannot read the settings of machine "${name}": ${settingsFile}`,
    {
      hints: [
        `copy ${previous}, which VirtualBox has kept of them, over ${settingsFile}, then run \`tsmachine start ${name}\``,
      ],
      ...{ context: { uuid }, cause },
    },
  );
}
