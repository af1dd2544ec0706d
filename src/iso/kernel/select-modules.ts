import type { FileTree } from "../../bytes/file-tree.ts";
import { invalidArchive } from "../unpack/invalid-archive.ts";
import {
  canonicalName,
  findModules,
  type ModuleFolder,
  type PackedModule,
  unpackModule,
} from "./module-folder.ts";
import { readModuleInfo } from "./module-info.ts";

export interface SelectedModule {
  /** With underscores, as the kernel has it. */
  readonly name: string;
  /** Below lib/modules/VERSION: "kernel/fs/isofs/isofs.ko". */
  readonly path: string;
  /** Not compressed. */
  readonly bytes: Uint8Array;
  /** As it came, which may be compressed. */
  readonly packed: PackedModule;
  /** Canonical names of the modules it needs directly. */
  readonly depends: readonly string[];
  readonly aliases: readonly string[];
}

export interface ModuleSelection {
  /** The kernel's release, as uname(1) prints it. */
  readonly version: string;
  /** Every module comes after all that it needs. */
  readonly modules: readonly SelectedModule[];
  /** The text of modules.alias, by which modprobe(8) serves the kernel's own requests. */
  readonly aliases: string;
  /**
   * What is neither in the package nor in the kernel, by the names given: wanted modules, needs of
   * modules, and the modules that lack those.
   */
  readonly missing: readonly string[];
}

export interface SelectModulesOptions {
  /** An unpacked kernel package. */
  readonly tree: FileTree;
  /** Names without folder and extension; dashes and underscores are the same. */
  readonly wanted: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * The wanted modules and all that they need or prefer, from what each module says of itself. Names
 * that are built into the kernel count as present and need no module. A preference that is no
 * module's name but an alias, such as "crypto-crc32c", is passed over: to resolve it, all modules
 * would have to be read. Only what is selected is decompressed.
 * @throws TsmachineError ARCHIVE_INVALID; the signal's reason when aborted.
 */
export async function selectModules(options: SelectModulesOptions): Promise<ModuleSelection> {
  const folder = await findModules(options.tree);
  const selected = new Map<string, SelectedModule>();
  const missing = new Set<string>();
  for (const name of options.wanted) {
    await select(name, { folder, selected, missing, path: [], signal: options.signal });
  }
  const modules = [...selected.values()];
  return {
    version: folder.version,
    modules,
    aliases: modules.flatMap(aliasLines).join(""),
    missing: [...missing],
  };
}

interface Search {
  readonly folder: ModuleFolder;
  /** By canonical name, in load order. */
  readonly selected: Map<string, SelectedModule>;
  readonly missing: Set<string>;
  /** Canonical names from the wanted module down to here. */
  readonly path: readonly string[];
  readonly signal: AbortSignal;
}

/** Whether the kernel has it, with all that it needs. */
async function select(wanted: string, search: Search): Promise<boolean> {
  const { folder, selected, missing, path, signal } = search;
  const key = canonicalName(wanted);
  if (selected.has(key) || folder.builtIn.has(key)) return true;
  const packed = folder.modules.get(key);
  if (packed === undefined) {
    missing.add(wanted);
    return false;
  }
  if (path.includes(key)) {
    throw invalidArchive(packed.path, `modules need each other: ${[...path, key].join(" → ")}`);
  }
  const bytes = await unpackModule(packed, signal);
  const { name, depends, prefers, aliases } = readModuleInfo(bytes, packed.path);
  for (const dependency of depends) {
    if (await select(dependency, { ...search, path: [...path, key] })) continue;
    missing.add(wanted);
    return false;
  }
  const needs = depends.map(canonicalName);
  selected.set(key, { name, path: packed.path, bytes, packed, depends: needs, aliases });
  // Only now: what a module prefers may need the module itself.
  for (const preferred of prefers) {
    if (folder.modules.has(canonicalName(preferred))) {
      await select(preferred, { ...search, path: [] });
    }
  }
  return true;
}

function aliasLines({ name, aliases }: SelectedModule): string[] {
  return aliases.map((alias) => `alias ${alias} ${name}\n`);
}
