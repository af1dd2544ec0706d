import { link, lstat, realpath, stat, unlink } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { moveIntoPlace, syncDirectory, unlessMissing } from "./files.ts";

export interface PlaceForFile {
  /** Absolute. */
  readonly path: string;
  /** Whether a file that is at that path stays, which is an error, or is replaced. */
  readonly existing: "kept" | "replaced";
  /** What a file in a folder could be called, for hints. */
  readonly example: string;
  /** The store's folder, which holds nothing but its own. */
  readonly store: string;
}

/**
 * Refuses a path that no file can be put at, before anything is made that is to go there.
 * @throws TsmachineError FILE_EXISTS, FILE_UNREADABLE, INVALID_INPUT
 */
export async function requirePlaceForFile(place: PlaceForFile): Promise<void> {
  const { path, existing, example } = place;
  await requireFolder(place);
  const status = await unlessMissing(lstat(path));
  if (status === undefined) return;
  if (status.isDirectory()) {
    throw new TsmachineError("INVALID_INPUT", `${path} is a folder`, {
      hints: [`name a file in it: ${join(path, example)}`],
    });
  }
  // Whoever names a link or a device means what is behind it, and a rename would replace the link itself.
  if (!status.isFile()) {
    throw new TsmachineError("FILE_EXISTS", `${path} is there already, and no regular file`, {
      hints: ["choose another name"],
    });
  }
  if (existing === "kept") throw fileExists(path);
}

/**
 * Moves a whole file to its place unless another has appeared there meanwhile; on return the new name survives a power
 * failure.
 * @throws TsmachineError FILE_EXISTS
 */
export async function moveIntoFreePlace(from: string, to: string, makeLink = link): Promise<void> {
  try {
    // Other than a rename, it takes the place of nothing.
    await makeLink(from, to);
  } catch (error) {
    if (isSystemError(error, "EEXIST")) throw fileExists(to);
    if (!isSystemError(error, ...noHardLinks)) throw error;
    if ((await unlessMissing(lstat(to))) !== undefined) throw fileExists(to);
    return moveIntoPlace(from, to);
  }
  await unlink(from);
  await syncDirectory(dirname(to));
}

/** What systems say of FAT and some network file systems; EISDIR is libuv's word for Windows' ERROR_INVALID_FUNCTION. */
const noHardLinks = ["EPERM", "ENOTSUP", "ENOSYS", "EISDIR"];

function fileExists(path: string): TsmachineError {
  return new TsmachineError("FILE_EXISTS", `there is a file ${path} already`, {
    hints: ["choose another name, or overwrite it with --force"],
  });
}

async function requireFolder({ path, example, store }: PlaceForFile): Promise<void> {
  const folder = dirname(path);
  const status = await unlessMissing(stat(folder));
  if (status === undefined) {
    throw new TsmachineError("FILE_UNREADABLE", `there is no folder ${folder}`, {
      hints: [`make it with \`mkdir -p ${folder}\``],
    });
  }
  if (!status.isDirectory()) {
    throw new TsmachineError("INVALID_INPUT", `${folder} is no folder`, {
      hints: [`name a file in a folder, such as ~/${example}`],
    });
  }
  const realStore = (await unlessMissing(realpath(store))) ?? store;
  if (isWithin(await realpath(folder), realStore)) {
    throw new TsmachineError("INVALID_INPUT", `${path} is in the store's folder ${store}`, {
      hints: [`choose a path outside of it, such as ~/${example}`],
    });
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  // Between drives of Windows there is no relative path.
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
