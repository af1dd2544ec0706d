import { randomUUID } from "node:crypto";
import { open, rename, rm, writeFile } from "node:fs/promises";
import { createContentReader, readContent, sizeOf } from "../content.ts";
import type { FileTree } from "../file-tree.ts";
import { gather } from "../gather.ts";
import { paddingAfter } from "../integers.ts";
import { withBootInfoTable } from "./el-torito.ts";
import { type IsoLayout, layOutIso } from "./layout.ts";
import { sectorSize } from "./sectors.ts";
import type { VolumeOptions } from "./start.ts";

export interface WriteIsoOptions extends VolumeOptions {
  readonly tree: FileTree;
  /** The image to make or replace; mode 0600. */
  readonly path: string;
  readonly signal: AbortSignal;
}

/**
 * Writes the whole image or nothing: the same options give the same bytes.
 * @throws what `layOutIso` throws; the system's error; the signal's reason when aborted.
 */
export async function writeIso(options: WriteIsoOptions): Promise<void> {
  const { tree, path, signal } = options;
  const layout = layOutIso(tree, options);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await writeFile(file, gather(isoChunks(layout)), { signal });
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    signal.throwIfAborted();
    throw error;
  }
}

/** The image from its first byte to its last. */
export async function* isoChunks({ start, files }: IsoLayout): AsyncGenerator<Uint8Array> {
  const reader = createContentReader();
  try {
    yield start;
    for (const file of files) {
      if (file.hasBootInfoTable) {
        yield withBootInfoTable(await readContent(file.content), file.sector);
      } else {
        yield* reader.chunksOf(file.content);
      }
      yield new Uint8Array(paddingAfter(sizeOf(file.content), sectorSize));
    }
  } finally {
    await reader.close();
  }
}
