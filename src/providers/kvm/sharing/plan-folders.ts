import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { homeFolder } from "../../home-folder.ts";
import type { MachineSpec, Operation, SharedFolder } from "../../provider.ts";
import type { KvmWorld } from "../world.ts";
import { chooseBackEnd } from "./back-end.ts";
import { requireFolder } from "./folder-service.ts";
import { endVirtiofsds, startVirtiofsds } from "./virtiofsd.ts";

export interface FolderPlan {
  readonly world: KvmWorld;
  /** As the record has it. */
  readonly virtiofsd: string | null;
}

/**
 * The folders of a new machine: those that were asked for, else this user's home folder where virtiofsd can serve it.
 * By 9p it would cost the machine another kernel and its suspension, which nobody has asked for.
 * @throws TsmachineError INPUT_MISSING, CAPABILITY_MISSING, PROGRAM_MISSING for folders that were asked for
 */
export async function planFolders(
  { name, folders }: Pick<MachineSpec, "name" | "folders">,
  { world, virtiofsd }: FolderPlan,
  operation: Operation,
): Promise<SharedFolder[]> {
  if (folders !== undefined) {
    await requireShareable(name, { world, virtiofsd, folders });
    return [...folders];
  }
  const home = homeFolder(world);
  if (home === undefined || world.platform !== "linux") return [];
  const folder = { ...home, isReadOnly: false };
  const problem = await problemWith(folder, { world, virtiofsd }, operation);
  if (problem === undefined) return [folder];
  operation.report(`${home.path} is not shared: ${problem}`);
  return [];
}

/** @throws TsmachineError INPUT_MISSING, CAPABILITY_MISSING, PROGRAM_MISSING */
export async function requireShareable(
  machineName: string,
  { world, virtiofsd, folders }: FolderPlan & { readonly folders: readonly SharedFolder[] },
): Promise<void> {
  if (folders.length === 0) return;
  await Promise.all(folders.map((folder) => requireFolder(folder, machineName)));
  await chooseBackEnd(world, virtiofsd);
}

/** The kernel that has the driver: those of flavour cloud know virtiofs alone. */
export async function flavourForFolders(
  { folders = [] }: Pick<MachineSpec, "folders">,
  { world, virtiofsd }: FolderPlan,
): Promise<"cloud" | "full"> {
  if (folders.length === 0) return "cloud";
  return (await chooseBackEnd(world, virtiofsd)).kind === "9p" ? "full" : "cloud";
}

/** Tried, because what virtiofsd needs of a host, such as user namespaces, is not seen from outside. */
async function problemWith(
  folder: SharedFolder,
  { world, virtiofsd }: FolderPlan,
  operation: Operation,
): Promise<string | undefined> {
  const directory = await mkdtemp(join(world.temporaryDirectory, "tsmachine-"));
  const machine = { directory, uuid: randomUUID(), name: "default" };
  try {
    const choice = await chooseBackEnd(world, virtiofsd);
    if (choice.kind === "9p") return "virtiofsd is not installed";
    await startVirtiofsds(
      machine,
      { world, program: choice.program, folders: [folder] },
      operation,
    );
    await endVirtiofsds(machine, world, operation);
    return undefined;
  } catch (error) {
    operation.signal.throwIfAborted();
    if (!(error instanceof TsmachineError)) throw error;
    return error.message;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
