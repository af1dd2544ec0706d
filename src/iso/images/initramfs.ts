import type { FileEntry, FileTree } from "../../bytes/file-tree.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Architecture } from "../../host/architecture.ts";
import { type SelectedModule, selectModules } from "../kernel/select-modules.ts";
import { type BootRecipe, modulesFor } from "../recipes/recipe.ts";
import { fileIn, rootDirectory, symlinkTo, textFile } from "./package-tree.ts";

export interface InitramfsParts {
  /** Unpacked packages: the kernel's modules and busybox. */
  readonly packaged: FileTree;
  /** templates/guest/initramfs */
  readonly overlay: FileTree;
  readonly recipe: BootRecipe;
  readonly architecture: Architecture;
  readonly signal: AbortSignal;
}

/**
 * What the kernel unpacks into its first root: busybox, /init, and the modules with two lists,
 * /modules/boot and /modules/engine, of paths below /lib/modules in the order to load them.
 * @throws TsmachineError KERNEL_UNSUITABLE when the kernel lacks a module of the recipe.
 */
export async function initramfsTree(parts: InitramfsParts): Promise<FileTree> {
  const { packaged, overlay, recipe, signal } = parts;
  const { boot, engine } = modulesFor(recipe, parts.architecture);
  const atBoot = await selectModules({ tree: packaged, wanted: boot, signal });
  const all = await selectModules({ tree: packaged, wanted: [...boot, ...engine], signal });
  requireAll(all.version, all.missing);
  const bootNames = new Set(atBoot.modules.map(({ name }) => name));
  const folder = `lib/modules/${all.version}`;
  const listOf = (modules: readonly SelectedModule[]) =>
    textFile(modules.map(({ path }) => `${all.version}/${path}\n`).join(""));

  const tree = new Map<string, FileEntry>(overlay);
  for (const name of ["dev", "proc", "sys"]) tree.set(name, rootDirectory);
  // The kernel opens it as the standard streams of /init, before devtmpfs is mounted.
  tree.set("dev/console", {
    ...{ type: "character-device", major: 5, minor: 1, mode: 0o600, uid: 0, gid: 0 },
  });
  tree.set("bin/busybox", fileIn(packaged, "usr/bin/busybox"));
  for (const applet of recipe.applets) tree.set(`bin/${applet}`, symlinkTo("busybox"));
  for (const { path, bytes } of all.modules) tree.set(`${folder}/${path}`, binaryFile(bytes));
  tree.set(`${folder}/modules.dep`, textFile(all.dependencies));
  tree.set(`${folder}/modules.alias`, textFile(all.aliases));
  tree.set("modules/boot", listOf(atBoot.modules));
  tree.set("modules/engine", listOf(all.modules.filter(({ name }) => !bootNames.has(name))));
  return tree;
}

function requireAll(version: string, missing: readonly string[]): void {
  if (missing.length === 0) return;
  throw new TsmachineError("KERNEL_UNSUITABLE", `kernel ${version} lacks ${missing.join(", ")}`, {
    hints: ["choose another kernel package in templates/recipes/boot.json"],
  });
}

function binaryFile(bytes: Uint8Array): FileEntry {
  return { type: "file", mode: 0o644, uid: 0, gid: 0, content: { kind: "bytes", bytes } };
}
