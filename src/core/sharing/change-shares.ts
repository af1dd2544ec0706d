import { resolve } from "node:path";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { SharedFolder } from "../../providers/provider.ts";
import { type Context, operationFor } from "../context.ts";
import { openMachine } from "../machine/open-machine.ts";
import { requireAwake } from "../machine/require-awake.ts";
import { requirePart } from "../machine/require-part.ts";
import { requirePresent } from "../machine/shut-down.ts";
import { withMachineLock } from "../machine/with-machine-lock.ts";
import { orderShares } from "./parse-share.ts";
import { resolveShares } from "./resolve-shares.ts";

export interface ShareReport {
  readonly name: string;
  /** All that it has from its next start on. */
  readonly folders: readonly SharedFolder[];
  /** True: the machine runs, and has what it had until it is restarted. */
  readonly needsRestart: boolean;
}

const ability = "be given folders of this host";

/** @throws TsmachineError CAPABILITY_MISSING, MACHINE_NOT_FOUND */
export async function listShares(context: Context, name: string): Promise<readonly SharedFolder[]> {
  const { record, instance } = await openMachine(context, name);
  return requirePart(instance.sharing, record, ability).folders;
}

/**
 * Gives a machine further folders; one at the same place is replaced.
 * @throws as changeShares
 */
export function addShares(
  context: Context,
  name: string,
  added: readonly SharedFolder[],
): Promise<ShareReport> {
  const places = new Set(orderShares(added).map(({ mountPoint }) => mountPoint));
  return changeShares(context, name, async (folders) =>
    orderShares([
      ...folders.filter(({ mountPoint }) => !places.has(mountPoint)),
      ...(await resolveShares(added)),
    ]),
  );
}

/**
 * Takes folders from a machine, each named by its place in the guest or by its path on this host.
 * @throws TsmachineError INPUT_MISSING for one that it does not have; as changeShares
 */
export function removeShares(
  context: Context,
  name: string,
  given: readonly string[],
): Promise<ShareReport> {
  return changeShares(context, name, async (folders) => {
    const isMeant = ({ path, mountPoint }: SharedFolder, word: string) =>
      [mountPoint, path].some((one) => one === word || one === resolve(word));
    const missing = given.find((word) => !folders.some((folder) => isMeant(folder, word)));
    if (missing !== undefined) throw notShared(name, missing);
    return folders.filter((folder) => !given.some((word) => isMeant(folder, word)));
  });
}

/** @throws TsmachineError CAPABILITY_MISSING, MACHINE_NOT_RUNNING for one that is suspended; those of Sharing.share */
function changeShares(
  context: Context,
  name: string,
  change: (folders: readonly SharedFolder[]) => Promise<readonly SharedFolder[]>,
): Promise<ShareReport> {
  return withMachineLock(context, name, async () => {
    const { record, instance } = await openMachine(context, name);
    const sharing = requirePart(instance.sharing, record, ability);
    const power = await instance.power(operationFor(context));
    requirePresent(name, power);
    requireAwake(name, power);
    const folders = await change(sharing.folders);
    const provided = await sharing.share(folders, operationFor(context));
    const provider = { ...record.provider, record: provided };
    await context.store.writeMachine({ ...record, provider });
    return { name, folders, needsRestart: power === "running" };
  });
}

function notShared(name: string, word: string): TsmachineError {
  return new TsmachineError("INPUT_MISSING", `machine "${name}" has no shared folder ${word}`, {
    hints: [`see which it has with \`tsmachine share ls ${name}\``],
    context: { name },
  });
}
