import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { FileEntry } from "../../../bytes/file-tree.ts";
import { findModules } from "../../kernel/module-folder.ts";
import { createSpool } from "../../unpack/spool.ts";
import { unpackDeb } from "../../unpack/unpack-deb.ts";
import { unpackTar } from "../../unpack/unpack-tar.ts";
import { chunksOfFile } from "../cache/inputs.ts";
import type { Ingredients } from "../image-design.ts";
import { mergeUsr } from "../package-tree.ts";
import { kernelInputNames } from "./kernel-wish.ts";

const maxModules = 200_000;

/**
 * Adds what the inputs of a kernel hold to the tree, as if a package had brought it.
 * @throws TsmachineError ARCHIVE_INVALID; the signal's reason when aborted.
 */
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
    } else if (name === kernelInputNames.modules) {
      const spool = await createSpool(spoolPath);
      const limits = { archive: path, spool, keep: isKept, maxEntries: maxModules, signal };
      addAll(tree, await unpackTar(await chunksOfFile(path), limits));
      await spool.close();
    }
  }
  for (const name of [kernelInputNames.image, kernelInputNames.config]) {
    const path = inputs.get(name);
    if (path === undefined) continue;
    const { version } = await findModules(tree);
    tree.set(`boot/${name}-${version}`, await fileAt(path));
  }
}

function addAll(tree: Map<string, FileEntry>, more: Iterable<[string, FileEntry]>): void {
  for (const [path, entry] of more) tree.set(mergeUsr(path), entry);
}

async function fileAt(path: string): Promise<FileEntry> {
  const { size } = await stat(path);
  const content = { kind: "slice", path, offset: 0, size } as const;
  return { type: "file", mode: 0o644, uid: 0, gid: 0, content };
}
