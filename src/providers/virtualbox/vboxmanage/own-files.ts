// What goes with a machine. `unregistervm --delete` takes every disk that the machine alone has, the user's own among
// them: after a snapshot these cannot be taken out of it first.
import { readdir, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isSystemError } from "../../../errors/system-error.ts";
import { readTextIfPresent, unlessMissing } from "../../../host/files/files.ts";
import { isOwnDisk, type MachineFolders } from "../own-disk.ts";
import { isBelow } from "../paths.ts";
import { unescapeXml } from "../xml.ts";
import type { VBoxManage } from "./call.ts";
import { parseDisks } from "./lists.ts";
import { parseFolders } from "./machine-readable.ts";

/** Files of a machine by path, and the folders that they are in. */
export interface OwnFiles extends MachineFolders {
  readonly disks: readonly string[];
  /** The memory of a saved machine, or of one that ran when a snapshot was taken. */
  readonly states: readonly string[];
  readonly logFolder: string | undefined;
}

/** @param shown what `showvminfo --machinereadable` says of the machine, while it is registered */
export async function findOwnFiles(
  { call }: VBoxManage,
  shown: string,
): Promise<OwnFiles | undefined> {
  const found = parseFolders(shown);
  if (found === undefined) return undefined;
  const { settingsFile, snapshotFolder, logFolder } = found;
  const folders = { folder: dirname(settingsFile), snapshotFolder };
  const settings = (await readTextIfPresent(settingsFile)) ?? "";
  const attached = attachedIn(settings);
  const disks = parseDisks(await call(["list", "hdds"]))
    .filter((disk) => attached.has(disk.uuid) && isOwnDisk(disk, folders))
    .map(({ path }) => path);
  const states = statesIn(settings)
    .map((path) => resolve(folders.folder, path))
    .filter((path) => isBelow(folders.folder, path) || isBelow(snapshotFolder, path));
  return { ...folders, disks, states, logFolder };
}

/**
 * Deletes the files of a machine that was unregistered, its settings last; folders go when nothing else
 * is in them. Disks that VirtualBox still lists are another machine's too.
 */
export async function removeOwnFiles(
  { call }: VBoxManage,
  { folder, snapshotFolder, disks, states, logFolder }: OwnFiles,
): Promise<void> {
  const listed = new Set(parseDisks(await call(["list", "hdds"])).map(({ path }) => path));
  const unused = disks.filter((path) => !listed.has(path));
  await Promise.all([...unused, ...states].map((path) => rm(path, { force: true })));
  if (logFolder !== undefined && isBelow(folder, logFolder)) {
    await rm(logFolder, { recursive: true, force: true });
  }
  const names = (await unlessMissing(readdir(folder))) ?? [];
  for (const name of names.filter((one) => /\.(vbox(-prev|-tmp)?|nvram)$/.test(one))) {
    await rm(join(folder, name), { force: true });
  }
  if (isBelow(folder, snapshotFolder)) await removeIfEmpty(snapshotFolder);
  await removeIfEmpty(folder);
}

/** UUIDs of the disks and images that the machine and its snapshots have. */
function attachedIn(settings: string): ReadonlySet<string> {
  const images = settings.matchAll(/<Image uuid="\{([0-9a-f-]{36})\}"/gi);
  return new Set([...images].flatMap(([, uuid]) => uuid?.toLowerCase() ?? []));
}

function statesIn(settings: string): readonly string[] {
  const attributes = settings.matchAll(/\bstateFile="([^"]*)"/g);
  return [...attributes].flatMap(([, path]) => (path === undefined ? [] : [unescapeXml(path)]));
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!isSystemError(error, "ENOTEMPTY", "EEXIST", "ENOENT")) throw error;
  }
}
