import { realpath } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { unlessMissing } from "../../../host/files/files.ts";
import { homeFolder } from "../../home-folder.ts";
import type { MachineSpec, Operation, SharedFolder } from "../../provider.ts";
import type { BackEndChoice } from "./back-end.ts";
import { requireFolder } from "./folder-service.ts";
import { type BackEndWish, isSuspendable, workingBackEnd } from "./working-back-end.ts";

/**
 * The folders of a new machine: those that were asked for, else this user's home folder where virtiofsd can serve it.
 * By 9p, or an old virtiofsd, it would cost the machine another kernel or its suspension, which nobody has asked for.
 * @throws TsmachineError INPUT_MISSING, CAPABILITY_MISSING, PROGRAM_MISSING, FOLDER_FAILED for folders that were asked for
 */
export async function planFolders(
  { name, folders }: Pick<MachineSpec, "name" | "folders">,
  { world, virtiofsd }: Omit<BackEndWish, "folders">,
  operation: Operation,
): Promise<SharedFolder[]> {
  if (folders !== undefined) {
    await requireShareable(name, { world, virtiofsd, folders }, operation);
    return [...folders];
  }
  const home = homeFolder(world);
  const path = home && (await unlessMissing(realpath(home.path)));
  if (home === undefined || path === undefined || world.platform !== "linux") return [];
  const folder = { ...home, path, isReadOnly: false };
  const choice = await workingBackEnd({ world, virtiofsd, folders: [folder] }, operation);
  if (choice.kind === "9p" || !(await isSuspendable(choice.program, world, operation))) {
    operation.report(`${home.path} is not shared: that takes virtiofsd 1.11 or newer`);
    return [];
  }
  return [folder];
}

/**
 * Gives the back end for the folders; undefined where there are none.
 * @throws TsmachineError INPUT_MISSING, CAPABILITY_MISSING, PROGRAM_MISSING, FOLDER_FAILED
 */
async function requireShareable(
  machineName: string,
  wish: BackEndWish,
  operation: Operation,
): Promise<BackEndChoice | undefined> {
  if (wish.folders.length === 0) return undefined;
  await Promise.all(wish.folders.map((folder) => requireFolder(folder, machineName)));
  return workingBackEnd(wish, operation);
}

/**
 * All folders of a machine have one back end. One that takes 9p, as a read-only one with a virtiofsd before 1.13, would take
 * the others from a machine whose kernel knows virtiofs alone.
 * @param had all that the machine has now
 * @throws as requireShareable
 */
export async function requireAddable(
  machineName: string,
  { had, ...wish }: BackEndWish & { readonly had: readonly SharedFolder[] },
  operation: Operation,
): Promise<void> {
  // One that it has and that is gone is no reason to keep it, or another.
  const isNew = (folder: SharedFolder) => !had.some((one) => isDeepStrictEqual(one, folder));
  const added = wish.folders.filter(isNew);
  const kept = wish.folders.filter((folder) => !isNew(folder));
  const choice = await requireShareable(machineName, { ...wish, folders: added }, operation);
  if (choice?.kind !== "9p" || kept.length === 0) return;
  const { kind } = await workingBackEnd({ ...wish, folders: kept }, operation);
  if (kind === "9p") return;
  const paths = added.map(({ path }) => path).join(", ");
  throw new TsmachineError(
    "FOLDER_FAILED",
    `${paths} cannot be shared with machine "${machineName}": this host's virtiofsd does not serve it, but serves the machine's other folders`,
    { hints: ["install virtiofsd 1.13 or newer, or leave `:ro` out"] },
  );
}

/** The kernel that has the driver: those of flavour cloud know virtiofs alone. */
export async function flavourForFolders(
  { folders = [] }: Pick<MachineSpec, "folders">,
  { world, virtiofsd }: Omit<BackEndWish, "folders">,
  operation: Operation,
): Promise<"cloud" | "full"> {
  if (folders.length === 0) return "cloud";
  const { kind } = await workingBackEnd({ world, virtiofsd, folders }, operation);
  return kind === "9p" ? "full" : "cloud";
}
