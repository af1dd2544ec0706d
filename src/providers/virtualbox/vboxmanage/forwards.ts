import type { Forward } from "../control.ts";
import { codes, hasCode } from "../failure.ts";
import type { VBoxManage } from "./call.ts";

interface Change {
  readonly before: readonly Forward[];
  readonly after: readonly Forward[];
}

/** The first card's forwards, see Control.setForwards. */
export async function setForwards(
  vbox: VBoxManage,
  uuid: string,
  { before, after }: Change,
): Promise<void> {
  const removed = deleteForwards(before);
  const added = addForwards(after);
  // In two calls: of one that deletes and adds the same name, 6.1 does the additions first.
  if (removed.length > 0) await vbox.call(["modifyvm", uuid, ...removed]);
  if (added.length === 0) return;
  try {
    await vbox.call(["modifyvm", uuid, ...added]);
  } catch (error) {
    // 7.0.0 shows no forwards when there are several, so that none was known to remove.
    if (!hasCode(error, codes.invalidArgument)) throw error;
    for (const forward of after) await deleteIfPresent(vbox, uuid, forward);
    await vbox.call(["modifyvm", uuid, ...added]);
  }
}

async function deleteIfPresent(
  { call }: VBoxManage,
  uuid: string,
  forward: Forward,
): Promise<void> {
  try {
    await call(["modifyvm", uuid, ...deleteForwards([forward])]);
  } catch (error) {
    if (!hasCode(error, codes.invalidArgument)) throw error;
  }
}

function deleteForwards(forwards: readonly Forward[]): readonly string[] {
  return forwards.flatMap(({ name }) => ["--natpf1", "delete", name]);
}

function addForwards(forwards: readonly Forward[]): readonly string[] {
  return forwards.flatMap(({ name, hostPort, guestPort }) => [
    "--natpf1",
    `${name},tcp,127.0.0.1,${hostPort},,${guestPort}`,
  ]);
}
