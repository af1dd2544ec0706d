import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import type { Pack } from "tar-stream";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";

export interface ModuleFolderPath {
  readonly path: string;
  /** What `uname -r` prints. */
  readonly release: string;
}

/**
 * The folder of one kernel's modules that is meant: it is itself called as the kernel's release, or
 * alone in lib/modules or usr/lib/modules.
 * @throws TsmachineError INVALID_INPUT
 */
export async function findModuleFolder(path: string): Promise<ModuleFolderPath> {
  const own = basename(path);
  // The folder of the kernel's source has a folder of that name, too.
  if (isRelease(own) && (await foldersIn(path)).includes("kernel")) return { path, release: own };
  const found = await releasesBelow(path);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const releases = found.map(({ release }) => release).join(", ");
  throw new TsmachineError("INVALID_INPUT", `${path} does not hold the modules of one kernel`, {
    hints: [
      found.length === 0
        ? "give the folder that `make modules_install INSTALL_MOD_PATH=FOLDER` has filled"
        : `give one of the folders in it: ${releases}`,
    ],
  });
}

async function releasesBelow(path: string): Promise<readonly ModuleFolderPath[]> {
  const found = new Map<string, ModuleFolderPath>();
  for (const parent of ["lib/modules", "usr/lib/modules"].map((below) => join(path, below))) {
    for (const release of (await foldersIn(parent)).filter(isRelease)) {
      // /lib may be a link to /usr/lib.
      const folder = await realpath(join(parent, release));
      found.set(folder, { path: folder, release });
    }
  }
  return [...found.values()];
}

/**
 * The modules and the list of what is built in as a tar archive that depends on their bytes alone:
 * sorted, without symbolic links, times and owners.
 */
export async function* packModules({
  path,
  release,
}: ModuleFolderPath): AsyncGenerator<Uint8Array> {
  const found = await readdir(path, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile() && /\.ko(\.[a-z]+)?$|^modules\.builtin$/.test(entry.name))
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
  const { pack } = await import("tar-stream");
  const archive = pack();
  const packing = async () => {
    for (const file of files) {
      const name = `lib/modules/${release}/${file}`;
      await addEntry(archive, name, await readFile(join(path, file)));
    }
    archive.finalize();
  };
  const packed = packing().catch((error: unknown) =>
    archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  for await (const chunk of archive) {
    if (chunk instanceof Uint8Array) yield chunk;
  }
  await packed;
}

function addEntry(archive: Pack, name: string, content: Buffer): Promise<void> {
  const header = { name, size: content.length, mode: 0o644, mtime: new Date(0) };
  return new Promise((resolve, reject) => {
    archive.entry(header, content, (error) => (error ? reject(error) : resolve()));
  });
}

function isRelease(name: string): boolean {
  return /^\d+\.\d+/.test(name);
}

/** Empty when there is no such folder. */
async function foldersIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EACCES")) return [];
    throw error;
  }
}
