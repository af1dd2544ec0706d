// The modules of a kernel package: below lib/modules/VERSION or usr/lib/modules/VERSION.
import { type Content, chunksOf, readContent, sizeOf } from "../../bytes/content.ts";
import type { FileTree } from "../../bytes/file-tree.ts";
import { type Compression, decompress } from "../unpack/decompress.ts";
import { invalidArchive } from "../unpack/invalid-archive.ts";

export interface PackedModule {
  /** Below the version's folder, as if not compressed: "kernel/fs/isofs/isofs.ko". */
  readonly path: string;
  /** Where it is below the version's folder: "kernel/fs/isofs/isofs.ko.xz". */
  readonly packedPath: string;
  readonly content: Content;
  readonly compression: Compression;
}

export interface ModuleFolder {
  /** The kernel's release, as uname(1) prints it. */
  readonly version: string;
  /** By canonical name. */
  readonly modules: ReadonlyMap<string, PackedModule>;
  /** Canonical names of what the kernel itself holds. */
  readonly builtIn: ReadonlySet<string>;
}

const maxModuleBytes = 128 * 2 ** 20;
const maxBuiltInListBytes = 4 * 2 ** 20;
const compressionByExtension = new Map<string, Compression>([
  ["", "none"],
  [".xz", "xz"],
  [".gz", "gzip"],
]);

/** Module names are the same with dashes and underscores: modprobe(8). */
export function canonicalName(name: string): string {
  return name.replaceAll("-", "_");
}

/**
 * Looks for the modules; decompresses none.
 * @throws TsmachineError ARCHIVE_INVALID unless the tree holds the modules of exactly one kernel,
 *   as they are or compressed by xz or gzip.
 */
export async function findModules(tree: FileTree): Promise<ModuleFolder> {
  const files = [...tree].flatMap(([path, entry]) => {
    const match = /^(?:usr\/)?lib\/modules\/([^/]+)\/(.+)$/.exec(path);
    const [, version, file] = match ?? [];
    if (version === undefined || file === undefined || entry.type !== "file") return [];
    return [{ version, file, content: entry.content }];
  });
  const [version, ...others] = new Set(files.map((file) => file.version));
  if (version === undefined) throw invalidArchive("the kernel package", "it holds no modules");
  if (others.length > 0) {
    throw invalidArchive(
      "the kernel package",
      `it holds modules of several kernels: ${[version, ...others].join(", ")}`,
    );
  }
  const builtInList = files.find(({ file }) => file === "modules.builtin")?.content;
  return {
    version,
    modules: new Map(files.flatMap(({ file, content }) => packedModule(file, content))),
    builtIn: new Set(builtInList === undefined ? [] : await readBuiltIn(builtInList)),
  };
}

/** The module's bytes. @throws TsmachineError ARCHIVE_INVALID. */
export async function unpackModule(
  { path, content, compression }: PackedModule,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const options = { compression, maxBytes: maxModuleBytes, path };
  for await (const chunk of decompress(chunksOf(content), options)) {
    signal.throwIfAborted();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function packedModule(file: string, content: Content): [name: string, module: PackedModule][] {
  const [, path, name, extension] = /^((?:.*\/)?([^/]+)\.ko)(\.[a-z0-9]+)?$/.exec(file) ?? [];
  if (path === undefined || name === undefined) return [];
  const compression = compressionByExtension.get(extension ?? "");
  if (compression === undefined) {
    throw invalidArchive(file, `modules compressed as ${extension} are not supported`);
  }
  return [[canonicalName(name), { path, packedPath: file, content, compression }]];
}

/** One path per line, such as "kernel/fs/ext4/ext4.ko". */
async function readBuiltIn(list: Content): Promise<string[]> {
  if (sizeOf(list) > maxBuiltInListBytes) {
    throw invalidArchive("the kernel package", "its modules.builtin is too large");
  }
  const text = Buffer.from(await readContent(list)).toString("utf8");
  return text.split("\n").flatMap((line) => {
    const [, name] = /([^/]+)\.ko$/.exec(line.trim()) ?? [];
    return name === undefined ? [] : [canonicalName(name)];
  });
}
