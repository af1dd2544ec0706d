// Debian's binary package, https://manpages.debian.org/deb.5
import { type ArMember, readAr } from "../../bytes/ar.ts";
import { chunksOf, readContent } from "../../bytes/content.ts";
import type { FileTree } from "../../bytes/file-tree.ts";
import { type Compression, decompress } from "./decompress.ts";
import { invalidArchive } from "./invalid-archive.ts";
import { createSpool } from "./spool.ts";
import { unpackTar } from "./unpack-tar.ts";

export interface UnpackDebOptions {
  /** The package. */
  readonly path: string;
  /** A file to be made; the tree's contents are slices of it, so it must outlive the tree. */
  readonly spoolPath: string;
  /** Whether to unpack this path; everything unless given. */
  readonly keep?: (path: string) => boolean;
  /** Bytes after which a package is refused; 2 GiB unless given. */
  readonly maxUnpackedBytes?: number;
  /** Entries after which a package is refused; 200,000 unless given. */
  readonly maxEntries?: number;
  readonly signal: AbortSignal;
}

const compressionByName = new Map<string, Compression>([
  ["data.tar.xz", "xz"],
  ["data.tar.gz", "gzip"],
  ["data.tar", "none"],
]);

/**
 * Unpacks the package's files into one spool file, without ever holding all of them in memory.
 * When it fails, no spool file is left.
 * @throws TsmachineError ARCHIVE_INVALID; the signal's reason when aborted.
 */
export async function unpackDeb({
  path,
  spoolPath,
  keep = () => true,
  maxUnpackedBytes = 2 * 2 ** 30,
  maxEntries = 200_000,
  signal,
}: UnpackDebOptions): Promise<FileTree> {
  signal.throwIfAborted();
  const { member, compression } = await findData(path);
  const compressed = chunksOf({ kind: "slice", path, offset: member.offset, size: member.size });
  const tar = decompress(compressed, { compression, maxBytes: maxUnpackedBytes, path });
  const spool = await createSpool(spoolPath);
  try {
    const tree = await unpackTar(tar, { archive: path, spool, keep, maxEntries, signal });
    await spool.close();
    return tree;
  } catch (error) {
    await spool.discard();
    throw error;
  }
}

/** deb(5): debian-binary first, then control.tar, then data.tar; unknown names begin with "_". */
async function findData(path: string): Promise<{ member: ArMember; compression: Compression }> {
  const [version, ...members] = (await readAr(path)).filter(({ name }) => !name.startsWith("_"));
  if (version?.name !== "debian-binary" || !(await isVersion2(path, version))) {
    throw invalidArchive(path, "it is not a package of format 2");
  }
  const member = members[1];
  if (members.length !== 2 || member === undefined || !members[0]?.name.startsWith("control.tar")) {
    throw invalidArchive(path, "its members are not debian-binary, control.tar and data.tar");
  }
  const compression = compressionByName.get(member.name);
  if (compression === undefined) {
    throw invalidArchive(path, `member ${member.name} is in no known compression`);
  }
  return { member, compression };
}

async function isVersion2(path: string, { offset, size }: ArMember): Promise<boolean> {
  if (size > 64) return false;
  const text = Buffer.from(await readContent({ kind: "slice", path, offset, size }));
  return /^2\.[0-9]+\n/.test(text.toString("latin1"));
}
