import { pipeline } from "node:stream/promises";
import type { Extract } from "tar-stream";
import type { FileEntry, FileTree } from "../../bytes/file-tree.ts";
import { invalidArchive } from "./invalid-archive.ts";
import type { Spool } from "./spool.ts";
import { parseTarHeader, parseTarPath } from "./tar-header.ts";
import { createTreeBuilder, type TreeBuilder } from "./tree-builder.ts";
import { watchSource } from "./watched-source.ts";

/** A member of a tar stream, as tar-stream gives it. */
export type TarMember = Extract extends AsyncIterable<infer Source> ? Source : never;

export interface TarOptions {
  /** The archive's path, for messages. */
  readonly archive: string;
  /** Where the bytes of kept files go. */
  readonly spool: Spool;
  readonly keep: (path: string) => boolean;
  readonly maxEntries: number;
  readonly signal: AbortSignal;
}

/**
 * What the tar stream holds, without what `keep` leaves out. A hard link is an entry of its own
 * with the content and attributes of the file it names.
 * @throws TsmachineError ARCHIVE_INVALID; what `tar` itself throws, as it is.
 */
export async function unpackTar(
  tar: AsyncIterable<Uint8Array>,
  options: TarOptions,
): Promise<FileTree> {
  const { archive, signal } = options;
  const source = watchSource(tar);
  // Loaded here because a command that finds its images in the cache unpacks nothing.
  const { extract } = await import("tar-stream");
  const extractor = extract();
  let extractorFailure: unknown;
  extractor.once("error", (error) => {
    extractorFailure = error;
  });
  const [taking, feeding] = await Promise.allSettled([
    takeMembers(extractor, options),
    pipeline(source.chunks, extractor, { signal }),
  ]);
  signal.throwIfAborted();
  if (taking.status === "fulfilled" && feeding.status === "fulfilled") return taking.value;
  const error = taking.status === "rejected" ? taking.reason : extractorFailure;
  if (error !== extractorFailure || source.isFailure(error)) throw error;
  throw invalidArchive(archive, "its tar data is damaged or cut short", error);
}

async function takeMembers(members: Extract, options: TarOptions): Promise<FileTree> {
  const builder = createTreeBuilder(options.archive);
  let count = 0;
  for await (const member of members) {
    count += 1;
    if (count > options.maxEntries) {
      throw invalidArchive(options.archive, `it has over ${options.maxEntries} entries`);
    }
    await takeMember(builder, member, options);
  }
  return builder.tree;
}

async function takeMember(
  builder: TreeBuilder,
  member: TarMember,
  { archive, spool, keep }: TarOptions,
): Promise<void> {
  const path = parseTarPath(archive, member.header.name);
  const item = parseTarHeader(archive, path, member.header);
  if (path === "" || !keep(path)) {
    member.resume();
    return;
  }
  switch (item.kind) {
    case "file": {
      const content = await spool.append(bytesOf(member));
      builder.add(path, { type: "file", ...item.attributes, content });
      return;
    }
    case "hard-link":
      builder.add(path, linkedFile(builder.tree, { archive, path, target: item.target }));
      break;
    case "entry":
      builder.add(path, item.entry);
  }
  member.resume();
}

export async function* bytesOf(member: TarMember): AsyncGenerator<Uint8Array> {
  for await (const chunk of member) {
    if (!(chunk instanceof Uint8Array)) throw new Error("a tar member gave no bytes");
    yield chunk;
  }
}

function linkedFile(
  tree: FileTree,
  { archive, path, target }: { archive: string; path: string; target: string },
): FileEntry {
  const file = tree.get(target);
  if (file?.type !== "file") {
    throw invalidArchive(archive, `hard link ${path} names ${target}, which is no unpacked file`);
  }
  return file;
}
