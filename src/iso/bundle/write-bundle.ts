// A bundle is a tar archive in the format ustar: POSIX.1-2017, pax, "ustar Interchange Format"
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
import { type Content, chunksOf, sizeOf } from "../../bytes/content.ts";
import { moveIntoPlace, temporaryPathFor } from "../../host/files/files.ts";
import type { ImageReport } from "../images/image-design.ts";
import { timeOf } from "../images/image-lock.ts";
import { type BundleManifest, inOrder, manifestName } from "./bundle-manifest.ts";

export interface NewBundle extends Omit<BundleManifest, "bundleVersion" | "files"> {
  readonly files: readonly NewBundleFile[];
}

export interface NewBundleFile {
  /** In the bundle. */
  readonly path: string;
  readonly content: Content;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export interface WriteOptions {
  readonly path: string;
  readonly report: ImageReport;
  readonly signal: AbortSignal;
}

/**
 * Writes the bundle, whole or not at all, in place of what is at that path. The same images give
 * the same bytes: its files come in order of path, with the date of the newest release.
 * @throws the system's error; the signal's reason when aborted.
 */
export async function writeBundle(
  { files, ...bundle }: NewBundle,
  { path, report, signal }: WriteOptions,
): Promise<BundleManifest> {
  const ordered = inOrder(files);
  const manifest: BundleManifest = {
    ...{ bundleVersion: 1, ...bundle },
    files: ordered.map(({ path, content, sha256 }) => ({ path, size: sizeOf(content), sha256 })),
  };
  const bytes = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
  const { boot, engine } = bundle.images;
  const members = {
    files: [{ path: manifestName, content: { kind: "bytes", bytes } as const }, ...ordered],
    mtime: new Date(Math.max(timeOf(boot.lock).getTime(), timeOf(engine.lock).getTime())),
  };
  const temporary = temporaryPathFor(path);
  try {
    const archive = pack();
    const file = createWriteStream(temporary, { flags: "wx", mode: 0o644, flush: true });
    // Whichever fails ends the other one; the first to fail knows why.
    await Promise.all([
      pipeline(archive, file, { signal }),
      fill(archive, members, { report, signal }),
    ]);
    await moveIntoPlace(temporary, path);
    return manifest;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

interface Members {
  readonly files: readonly Omit<NewBundleFile, "sha256">[];
  readonly mtime: Date;
}

async function fill(
  archive: Pack,
  { files, mtime }: Members,
  { report, signal }: Pick<WriteOptions, "report" | "signal">,
): Promise<void> {
  const total = files.reduce((sum, { content }) => sum + sizeOf(content), 0);
  let received = 0;
  for (const { path, content } of files) {
    const size = sizeOf(content);
    const member = archive.entry({ name: path, size, mtime, mode: 0o644, uid: 0, gid: 0 });
    await pipeline(chunksOf(content), member, { signal });
    received += size;
    report.bytes({ received, total });
  }
  archive.finalize();
}
