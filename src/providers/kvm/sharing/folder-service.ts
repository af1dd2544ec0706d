import { stat } from "node:fs/promises";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { unlessMissing } from "../../../host/files/files.ts";
import type { Operation, SharedFolder } from "../../provider.ts";
import type { MemoryFacts } from "../memory/saved-memory.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { type BackEndChoice, chooseBackEnd } from "./back-end.ts";
import type { OfferedFolders } from "./offered-folders.ts";
import { startVirtiofsds } from "./virtiofsd.ts";

/** How a guest will get its folders. */
export interface FolderService {
  readonly offered: OfferedFolders;
  /** Right before QEMU is started, and again before it is started again. */
  start(operation: Operation): Promise<void>;
}

/**
 * For a machine that boots the folders of its record; for one that goes on with its memory those that it had.
 * Undefined where there are none.
 * @throws TsmachineError INPUT_MISSING for a folder that is gone; those of chooseBackEnd; CAPABILITY_MISSING
 */
export async function folderServiceFor(
  machine: KvmMachine,
  { world, memory }: { readonly world: KvmWorld; readonly memory: MemoryFacts | undefined },
): Promise<FolderService | undefined> {
  const folders = memory === undefined ? machine.folders : (memory.offered?.folders ?? []);
  if (folders.length === 0) return undefined;
  await Promise.all(folders.map((folder) => requireFolder(folder, machine.name)));
  const choice = await chooseBackEnd(world, machine.virtiofsd);
  if (memory !== undefined) requireVirtiofs(choice, machine.name);
  return {
    offered: { backEnd: choice.kind, folders },
    async start(operation) {
      if (choice.kind === "9p") return;
      const { program } = choice;
      await startVirtiofsds(machine, { world, program, folders }, operation);
    },
  };
}

/** @throws TsmachineError INPUT_MISSING */
export async function requireFolder({ path, mountPoint }: SharedFolder, machineName: string) {
  if ((await unlessMissing(stat(path)))?.isDirectory()) return;
  throw new TsmachineError(
    "INPUT_MISSING",
    `there is no folder ${path} to share with machine "${machineName}"`,
    {
      hints: [
        `make it, or do without: \`tsmachine share rm ${machineName} ${mountPoint}\`; at \`create\`, leave it out of --share`,
      ],
    },
  );
}

/** Memory with folders was saved with virtiofs, and its guest goes on to ask for that. */
function requireVirtiofs({ kind }: BackEndChoice, name: string): void {
  if (kind === "virtiofs") return;
  throw new TsmachineError(
    "PROGRAM_MISSING",
    `machine "${name}" was suspended with folders of this host, and virtiofsd is not there any more`,
    {
      hints: [
        `install virtiofsd, or give up what was saved with \`tsmachine kill ${name}\`, then start it`,
      ],
    },
  );
}
