import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import type { Pack } from "tar-stream";
import type { FileEntry } from "../../bytes/file-tree.ts";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { findModules } from "../kernel/module-folder.ts";
import { createSpool } from "../unpack/spool.ts";
import { unpackDeb } from "../unpack/unpack-deb.ts";
import { unpackTar } from "../unpack/unpack-tar.ts";
import type { Ingredients } from "./image-design.ts";
import type { LockedInput } from "./image-lock.ts";
import { chunksOfFile, keepInput } from "./inputs.ts";
import { mergeUsr } from "./package-tree.ts";

/** A kernel as its build leaves it. */
export interface KernelFiles {
  /** What `make bzImage` or `make Image` writes. */
  readonly image: string;
  /** Where `make modules_install` put the modules: INSTALL_MOD_PATH, or lib/modules/RELEASE below it. */
  readonly modules: string;
  /** The .config. */
  readonly config?: string | undefined;
}

const names = { image: "vmlinuz", modules: "modules.tar", config: "config" } as const;

/**
 * Keeps a kernel that somebody has built as inputs of an image.
 * @throws TsmachineError FILE_UNREADABLE; INVALID_INPUT when the folder has no modules of one kernel.
 */
export async function keepKernelFiles(
  { image, modules, config }: KernelFiles,
  cacheDirectory: string,
  signal: AbortSignal,
): Promise<readonly LockedInput[]> {
  const keepFile = async (name: string, path: string) =>
    keepInput(cacheDirectory, { name, chunks: await chunksOfFile(path) }, signal);
  const folder = await findModuleFolder(modules);
  const packed = { name: names.modules, chunks: packModules(folder) };
  return [
    await keepFile(names.image, image),
    await keepInput(cacheDirectory, packed, signal),
    ...(config === undefined ? [] : [await keepFile(names.config, config)]),
  ];
}

/** Keeps packages from no archive as inputs. @throws TsmachineError FILE_UNREADABLE */
export async function keepKernelPackages(
  paths: readonly string[],
  cacheDirectory: string,
  signal: AbortSignal,
): Promise<readonly LockedInput[]> {
  const inputs: LockedInput[] = [];
  for (const path of paths) {
    const name = basename(path).replaceAll(/[^A-Za-z0-9._+~-]/g, "_");
    inputs.push(
      await keepInput(cacheDirectory, { name, chunks: await chunksOfFile(path) }, signal),
    );
  }
  return inputs;
}

/** Adds what the inputs of a kernel hold to the tree, as if a package had brought it. */
export async function unpackKernelInputs(
  tree: Map<string, FileEntry>,
  { inputs, scratch, report, signal }: Ingredients,
  keep: (path: string) => boolean,
): Promise<void> {
  const isKept = (path: string) => keep(mergeUsr(path));
  for (const [name, path] of inputs) {
    const spoolPath = join(scratch, `${name}.spool`);
    if (name.endsWith(".deb")) {
      report.detail(`unpacking ${name}`);
      addAll(tree, await unpackDeb({ path, spoolPath, keep: isKept, signal }));
    } else if (name === names.modules) {
      const spool = await createSpool(spoolPath);
      const limits = { archive: path, spool, keep: isKept, maxEntries: maxModules, signal };
      addAll(tree, await unpackTar(await chunksOfFile(path), limits));
      await spool.close();
    }
  }
  for (const name of [names.image, names.config]) {
    const path = inputs.get(name);
    if (path === undefined) continue;
    const { version } = await findModules(tree);
    tree.set(`boot/${name}-${version}`, await fileAt(path));
  }
}

const maxModules = 200_000;

function addAll(tree: Map<string, FileEntry>, more: Iterable<[string, FileEntry]>): void {
  for (const [path, entry] of more) tree.set(mergeUsr(path), entry);
}

async function fileAt(path: string): Promise<FileEntry> {
  const { size } = await stat(path);
  const content = { kind: "slice", path, offset: 0, size } as const;
  return { type: "file", mode: 0o644, uid: 0, gid: 0, content };
}

interface ModuleFolderPath {
  readonly path: string;
  readonly release: string;
}

/** The one folder lib/modules/RELEASE that is meant. */
async function findModuleFolder(path: string): Promise<ModuleFolderPath> {
  if ((await namesIn(path)).includes("kernel")) return { path, release: basename(path) };
  const parent = join(path, "lib", "modules");
  const [release, ...others] = await namesIn(parent);
  if (release !== undefined && others.length === 0) return { path: join(parent, release), release };
  throw new TsmachineError("INVALID_INPUT", `${path} does not hold the modules of one kernel`, {
    hints: ["give the folder that `make modules_install INSTALL_MOD_PATH=FOLDER` has filled"],
  });
}

/** The modules and the list of what is built in: no symbolic links, times or owners. */
async function* packModules({ path, release }: ModuleFolderPath): AsyncGenerator<Uint8Array> {
  const found = await readdir(path, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile() && /\.ko(\.[a-z]+)?$|^modules\.builtin$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const { pack } = await import("tar-stream");
  const archive = pack();
  const packing = async () => {
    for (const file of files) {
      const name = `lib/modules/${release}/${relative(path, file).replaceAll("\\", "/")}`;
      await addEntry(archive, name, await readFile(file));
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

async function namesIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EACCES")) return [];
    throw error;
  }
}
