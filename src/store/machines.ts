import { readdir, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isSystemError } from "../errors/system-error.ts";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import {
  makePrivateDirectory,
  moveIntoPlace,
  readTextIfPresent,
  writeFileAtomic,
} from "../host/files/files.ts";
import { invalidRecord } from "./invalid-record.ts";
import {
  type MachineLayout,
  machineFilesIn,
  machineLayout,
  partialPath,
  storeLayout,
} from "./layout.ts";
import {
  type MachineFile,
  type MachineFiles,
  readFilesFrom,
  writeFilesTo,
} from "./machine-files.ts";
import { isMachineName } from "./machine-name.ts";
import type { MachineRecord } from "./record.ts";

/** Sorted; also names of machines whose record is damaged, so that they are shown and can be removed. */
export async function listMachineNames(root: string): Promise<string[]> {
  try {
    const entries = await readdir(storeLayout(root).machines, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && isMachineName(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}

/** @throws TsmachineError MACHINE_NOT_FOUND, RECORD_FOREIGN, RECORD_INVALID, RECORD_NEWER, NAME_INVALID */
export async function readMachine(root: string, name: string): Promise<MachineRecord> {
  const layout = machineLayout(root, name);
  const text = await readRecordText(layout, name);
  if (text !== undefined) {
    // A hundred schemas, which commands that look at no machine do without.
    const { parseRecord } = await import("./parse-record.ts");
    return parseRecord(text, { name, path: layout.record });
  }
  if ((await readTextIfPresent(layout.foreignRecord)) !== undefined) throw foreign(root, name);
  throw invalidRecord("there is no such file", { name, path: layout.record });
}

/**
 * Undefined when there is a folder without a record: the same before and after the look, because one
 * may be removed and another appear meanwhile.
 */
async function readRecordText(layout: MachineLayout, name: string): Promise<string | undefined> {
  const text = await readTextIfPresent(layout.record);
  if (text !== undefined) return text;
  const before = await identityOf(layout.directory);
  if (before === undefined) throw machineNotFound(name);
  const later = await readTextIfPresent(layout.record);
  const isSame = (await identityOf(layout.directory)) === before;
  return later !== undefined || isSame ? later : readRecordText(layout, name);
}

/** @throws TsmachineError MACHINE_NOT_FOUND, NAME_INVALID */
export async function readMachineFiles(
  root: string,
  name: string,
  wanted?: readonly MachineFile[],
): Promise<MachineFiles> {
  const layout = machineLayout(root, name);
  await requireMachine(layout, name);
  return readFilesFrom(layout, wanted);
}

/**
 * Makes the machine's folder appear with its record and files in it, or not at all.
 * @throws TsmachineError MACHINE_EXISTS, NAME_INVALID
 */
export async function createMachine(
  root: string,
  record: MachineRecord,
  files: MachineFiles,
): Promise<void> {
  const { name } = record;
  const { directory } = machineLayout(root, name);
  if (await isDirectory(directory)) throw machineExists(name);
  const partial = machineFilesIn(partialPath(root, { machine: name }));
  await rm(partial.directory, { recursive: true, force: true });
  await makePrivateDirectory(partial.directory);
  await writeFilesTo(partial, files);
  await writeFileAtomic(partial.record, textOf(record));
  await makePrivateDirectory(dirname(directory));
  try {
    await moveIntoPlace(partial.directory, directory);
  } catch (error) {
    if (isSystemError(error, "ENOTEMPTY", "EEXIST")) throw machineExists(name);
    throw error;
  }
}

/**
 * Replaces the record; a damaged one too, but never a newer one.
 * @throws TsmachineError MACHINE_NOT_FOUND, RECORD_NEWER, NAME_INVALID
 */
export async function writeMachine(root: string, record: MachineRecord): Promise<void> {
  try {
    await readMachine(root, record.name);
  } catch (error) {
    if (!(error instanceof TsmachineError && error.code === "RECORD_INVALID")) throw error;
  }
  await writeFileAtomic(machineLayout(root, record.name).record, textOf(record));
}

/** @throws TsmachineError MACHINE_NOT_FOUND, NAME_INVALID */
export async function writeMachineFiles(
  root: string,
  name: string,
  files: MachineFiles,
): Promise<void> {
  const layout = machineLayout(root, name);
  await requireMachine(layout, name);
  await writeFilesTo(layout, files);
}

/**
 * Makes the machine's folder disappear as a whole, then deletes it with whatever an earlier,
 * killed removal or creation left.
 * @throws TsmachineError MACHINE_NOT_FOUND, NAME_INVALID
 */
export async function removeMachine(root: string, name: string): Promise<void> {
  const layout = machineLayout(root, name);
  const partial = partialPath(root, { machine: name });
  await rm(partial, { recursive: true, force: true });
  await requireMachine(layout, name);
  await makePrivateDirectory(dirname(partial));
  await moveIntoPlace(layout.directory, partial);
  await rm(partial, { recursive: true, force: true });
}

export function machineNotFound(name: string): TsmachineError {
  return new TsmachineError("MACHINE_NOT_FOUND", `Docker machine "${name}" does not exist`, {
    hints: ['use "tsmachine ls" to list machines, or "tsmachine create" to add a new one'],
    context: { name },
  });
}

function textOf(record: MachineRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

async function requireMachine({ directory }: MachineLayout, name: string): Promise<void> {
  if (await isDirectory(directory)) return;
  throw machineNotFound(name);
}

function foreign(root: string, name: string): TsmachineError {
  return new TsmachineError(
    "RECORD_FOREIGN",
    `machine "${name}" is docker-machine's; take it over into a store of its own with \`tsmachine import\``,
    {
      hints: [
        `leave ${root} to docker-machine: \`tsmachine --storage-path ~/.tsmachine import ${root}\``,
      ],
      context: { name },
    },
  );
}

export function machineExists(name: string): TsmachineError {
  return new TsmachineError("MACHINE_EXISTS", `Docker machine "${name}" already exists`, {
    hints: [`choose another name, or remove it first with \`tsmachine rm ${name}\``],
    context: { name },
  });
}

async function isDirectory(path: string): Promise<boolean> {
  return (await identityOf(path)) !== undefined;
}

/** By which a folder is told from a later one of the same name; undefined when there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const status = await stat(path);
    return status.isDirectory() ? `${status.ino} ${status.birthtimeMs}` : undefined;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
