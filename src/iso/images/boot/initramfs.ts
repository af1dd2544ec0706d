import type { Content } from "../../../bytes/content.ts";
import type { FileEntry, FileTree } from "../../../bytes/file-tree.ts";
import { gzip } from "../../../bytes/gzip/gzip.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { canonicalName } from "../../kernel/module-folder.ts";
import { loadOrder, modulesDep } from "../../kernel/module-order.ts";
import {
  type ModuleSelection,
  type SelectedModule,
  selectModules,
} from "../../kernel/select-modules.ts";
import type { BootRecipe } from "../../recipes/recipe.ts";
import { fileIn, rootDirectory, symlinkTo, textFile } from "../package-tree.ts";

export interface InitramfsParts {
  /** Unpacked packages: the kernel's modules and busybox. */
  readonly packaged: FileTree;
  /** templates/guest/initramfs */
  readonly overlay: FileTree;
  readonly recipe: BootRecipe;
  readonly signal: AbortSignal;
}

/**
 * What the kernel unpacks into its first root: busybox, /init, the modules of the recipe that this
 * kernel has, and two lists of their names in the order to load them, /modules/boot and
 * /modules/engine.
 * @throws TsmachineError KERNEL_UNSUITABLE when the kernel lacks an indispensable module;
 *   ARCHIVE_INVALID.
 */
export async function initramfsTree(parts: InitramfsParts): Promise<FileTree> {
  const { packaged, overlay, recipe, signal } = parts;
  const { indispensable, boot, drivers, engine, onRequest } = recipe.modules;
  const wanted = [...indispensable, ...boot, ...drivers, ...engine, ...onRequest];
  const all = await selectModules({ tree: packaged, wanted, signal });
  requireAll(all, indispensable);
  const always = new Set(loadOrder(all.modules, [...indispensable, ...boot, ...engine]));
  const modules = all.modules.map((module) =>
    always.has(canonicalName(module.name)) ? plain(module) : compressed(module),
  );
  const folder = `lib/modules/${all.version}`;
  const listOf = (names: readonly string[]) =>
    textFile(
      loadOrder(all.modules, names)
        .map((name) => `${name}\n`)
        .join(""),
    );

  const tree = new Map<string, FileEntry>(overlay);
  for (const name of ["dev", "proc", "sys"]) tree.set(name, rootDirectory);
  // The kernel opens it as the standard streams of /init, before devtmpfs is mounted.
  tree.set("dev/console", {
    ...{ type: "character-device", major: 5, minor: 1, mode: 0o600, uid: 0, gid: 0 },
  });
  tree.set("bin/busybox", fileIn(packaged, "usr/bin/busybox"));
  // Where the kernel looks for modprobe.
  tree.set("sbin", symlinkTo("bin"));
  for (const applet of recipe.applets) tree.set(`bin/${applet}`, symlinkTo("busybox"));
  for (const { path, content } of modules) tree.set(`${folder}/${path}`, fileOf(content));
  tree.set(`${folder}/modules.dep`, textFile(modulesDep(modules)));
  tree.set(`${folder}/modules.alias`, textFile(all.aliases));
  tree.set("modules/boot", listOf(boot));
  tree.set("modules/engine", listOf(engine));
  return tree;
}

function requireAll({ version, missing }: ModuleSelection, indispensable: readonly string[]): void {
  const lacking = indispensable.filter((name) => missing.includes(name));
  if (lacking.length === 0) return;
  throw new TsmachineError("KERNEL_UNSUITABLE", `kernel ${version} lacks ${lacking.join(", ")}`, {
    hints: [
      "choose another with --kernel, one of `tsmachine kernel ls`; build your own with these as modules or built in",
    ],
  });
}

/** What most machines load is not compressed: unpacking takes an emulated processor long. */
function plain({ name, depends, path, bytes }: SelectedModule) {
  return { name, depends, path, content: { kind: "bytes", bytes } as const };
}

/** What few machines load is small: as it came, or compressed where it came without. */
function compressed({ name, depends, path, bytes, packed }: SelectedModule) {
  if (packed.compression !== "none") {
    return { name, depends, path: packed.packedPath, content: packed.content };
  }
  return {
    name,
    depends,
    path: `${path}.gz`,
    content: { kind: "bytes", bytes: gzip(bytes) },
  } as const;
}

function fileOf(content: Content): FileEntry {
  return { type: "file", mode: 0o644, uid: 0, gid: 0, content };
}
