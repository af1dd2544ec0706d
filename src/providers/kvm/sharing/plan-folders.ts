import { realpath } from "node:fs/promises";
import { unlessMissing } from "../../../host/files/files.ts";
import { homeFolder } from "../../home-folder.ts";
import type { MachineSpec, Operation, SharedFolder } from "../../provider.ts";
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

/** @throws TsmachineError INPUT_MISSING, CAPABILITY_MISSING, PROGRAM_MISSING, FOLDER_FAILED */
export async function requireShareable(
  machineName: string,
  wish: BackEndWish,
  operation: Operation,
): Promise<void> {
  if (wish.folders.length === 0) return;
  await Promise.all(wish.folders.map((folder) => requireFolder(folder, machineName)));
  await workingBackEnd(wish, operation);
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
