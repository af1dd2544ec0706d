import { realpath, stat } from "node:fs/promises";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { unlessMissing } from "../../../host/files/files.ts";
import type { Operation, SharedFolder } from "../../provider.ts";
import type { MemoryFacts } from "../memory/saved-memory.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { type BackEndChoice, chooseBackEnd } from "./back-end.ts";
import type { OfferedFolders } from "./offered-folders.ts";
import { startVirtiofsds } from "./virtiofsd.ts";
import { workingBackEnd } from "./working-back-end.ts";

/** How a guest will get its folders. */
export interface FolderService {
  readonly offered: OfferedFolders;
  /** Right before QEMU is started, and again before it is started again. */
  start(operation: Operation): Promise<void>;
}

interface Boot {
  readonly world: KvmWorld;
  /** Of a guest that goes on. */
  readonly memory: MemoryFacts | undefined;
}

/**
 * For a machine that boots the folders of its record; for one that goes on with its memory those that it had.
 * Undefined where there are none.
 * @throws TsmachineError INPUT_MISSING for a folder that is gone, or is another by now; those of workingBackEnd
 */
export async function folderServiceFor(
  machine: KvmMachine,
  { world, memory }: Boot,
  operation: Operation,
): Promise<FolderService | undefined> {
  const goesOn = memory !== undefined;
  const folders = goesOn ? (memory.offered?.folders ?? []) : machine.folders;
  if (folders.length === 0) return undefined;
  await Promise.all(folders.map((folder) => requireFolder(folder, machine.name, { goesOn })));
  const { virtiofsd } = machine;
  const choice = goesOn
    ? requireVirtiofs(await chooseBackEnd(world, virtiofsd), machine.name)
    : await workingBackEnd({ world, virtiofsd, folders }, operation);
  return {
    offered: { backEnd: choice.kind, folders },
    async start(starting) {
      if (choice.kind === "9p") return;
      const { program } = choice;
      await startVirtiofsds(machine, { world, program, folders, goesOn }, starting);
    },
  };
}

/**
 * A folder that has become a symbolic link is another one: whoever could write to the folder around it may have made it so,
 * and the link leads anywhere.
 * @throws TsmachineError INPUT_MISSING
 */
export async function requireFolder(
  { path, mountPoint }: SharedFolder,
  machineName: string,
  { goesOn = false }: { readonly goesOn?: boolean } = {},
): Promise<void> {
  const now = await unlessMissing(realpath(path));
  if (now === path && (await stat(path)).isDirectory()) return;
  const problem = now === undefined || now === path ? "there is none" : `it leads to ${now} by now`;
  const remedy = goesOn
    ? `give up what was saved with \`tsmachine kill ${machineName}\``
    : `do without: \`tsmachine share rm ${machineName} ${mountPoint}\`; at \`create\`, leave it out of --share`;
  throw new TsmachineError(
    "INPUT_MISSING",
    `the folder ${path} cannot be shared with machine "${machineName}": ${problem}`,
    { hints: [`make it a folder again, or ${remedy}`] },
  );
}

/** Memory with folders was saved with virtiofs, and its guest goes on to ask for that. */
function requireVirtiofs(choice: BackEndChoice, name: string): BackEndChoice {
  if (choice.kind === "virtiofs") return choice;
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
