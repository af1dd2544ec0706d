import type { Content } from "../../../bytes/content.ts";
import type { FileTree } from "../../../bytes/file-tree.ts";
import { findModules } from "../../kernel/module-folder.ts";
import { fileIn } from "../package-tree.ts";

export interface PackagedKernel {
  /** What uname(1) prints as its release. */
  readonly release: string;
  readonly image: Content;
  /** Its configuration, where it came with one. */
  readonly config: Content | undefined;
}

/** Whether this path of a package may be a kernel, its configuration or a module of it. */
export function isOfKernel(path: string): boolean {
  return /^boot\/(vmlinuz|config)-/.test(path) || path.startsWith("usr/lib/modules/");
}

/**
 * The one kernel whose modules are in the tree. Until Debian 13 packages have it in /boot; those
 * from Linux 6.19 on beside the modules.
 * @throws TsmachineError ARCHIVE_INVALID; Error when it has modules only.
 */
export async function packagedKernel(tree: FileTree): Promise<PackagedKernel> {
  const { version: release } = await findModules(tree);
  const beside = `usr/lib/modules/${release}`;
  const image = tree.get(`${beside}/vmlinuz`) ?? fileIn(tree, `boot/vmlinuz-${release}`);
  if (image.type !== "file") throw new Error(`${beside}/vmlinuz is no file`);
  const config = tree.get(`${beside}/config`) ?? tree.get(`boot/config-${release}`);
  return {
    release,
    image: image.content,
    config: config?.type === "file" ? config.content : undefined,
  };
}
