// The "newc" cpio archive, which the Linux kernel unpacks as its initramfs:
// https://docs.kernel.org/driver-api/early-userspace/buffer-format.html
import { type Content, type ContentReader, createContentReader, sizeOf } from "./content.ts";
import {
  type FileEntry,
  type FileTree,
  sortedEntries,
  statModeOf,
  withParents,
} from "./file-tree.ts";
import { ascii, paddingAfter } from "./integers.ts";

const magic = "070701";
const trailerName = "TRAILER!!!";
/** cpio(1) writes whole blocks of 512 bytes. */
const blockSize = 512;

/**
 * The archive in chunks: the same tree gives the same bytes. Missing parent folders are added,
 * inode numbers count from 1 in the order of the paths, and all times are 0.
 * @throws RangeError for a file of 4 GiB or more.
 */
export async function* writeCpio(tree: FileTree): AsyncGenerator<Uint8Array> {
  const reader = createContentReader();
  let size = 0;
  try {
    for await (const chunk of members(tree, reader)) {
      size += chunk.length;
      yield chunk;
    }
  } finally {
    await reader.close();
  }
  yield new Uint8Array(paddingAfter(size, blockSize));
}

async function* members(tree: FileTree, reader: ContentReader): AsyncGenerator<Uint8Array> {
  for (const [index, [path, entry]] of sortedEntries(withParents(tree)).entries()) {
    const content = contentOf(entry);
    const size = sizeOf(content);
    yield encodeHeader({
      name: path,
      inode: index + 1,
      mode: statModeOf(entry),
      uid: entry.uid,
      gid: entry.gid,
      linkCount: entry.type === "directory" ? 2 : 1,
      size,
      device: "major" in entry ? entry : { major: 0, minor: 0 },
    });
    yield* reader.chunksOf(content);
    yield new Uint8Array(paddingAfter(size, 4));
  }
  yield encodeHeader({
    name: trailerName,
    inode: 0,
    mode: 0,
    uid: 0,
    gid: 0,
    linkCount: 1,
    size: 0,
    device: { major: 0, minor: 0 },
  });
}

/** A symbolic link's content is its target, without a NUL at the end. */
function contentOf(entry: FileEntry): Content {
  if (entry.type === "file") return entry.content;
  const text = entry.type === "symlink" ? entry.target : "";
  return { kind: "bytes", bytes: Buffer.from(text) };
}

interface Header {
  readonly name: string;
  readonly inode: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly linkCount: number;
  readonly size: number;
  readonly device: { readonly major: number; readonly minor: number };
}

function encodeHeader(header: Header): Uint8Array {
  const name = Buffer.from(`${header.name}\0`);
  const fields = [
    header.inode,
    header.mode,
    header.uid,
    header.gid,
    header.linkCount,
    0, // mtime
    header.size,
    0, // major and minor number of the device the file lies on
    0,
    header.device.major,
    header.device.minor,
    name.length,
    0, // checksum: none in this variant
  ];
  const start = ascii(magic + fields.map(hex8).join(""));
  const padding = new Uint8Array(paddingAfter(start.length + name.length, 4));
  return Buffer.concat([start, name, padding]);
}

function hex8(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new RangeError(`${value} is not an unsigned integer of 32 bits`);
  }
  return value.toString(16).padStart(8, "0");
}
