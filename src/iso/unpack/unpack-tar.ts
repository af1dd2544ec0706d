import { pipeline } from "node:stream/promises";
import { type Extract, extract } from "tar-stream";
import { type FileEntry, type FileTree, parentOf } from "../../bytes/file-tree.ts";
import { invalidArchive } from "./invalid-archive.ts";
import type { Spool } from "./spool.ts";
import { parseTarHeader, parseTarPath } from "./tar-header.ts";
import { watchSource } from "./watched-source.ts";

type Member = Extract extends AsyncIterable<infer Source> ? Source : never;

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
  const tree = new Map<string, FileEntry>();
  let count = 0;
  for await (const member of members) {
    count += 1;
    if (count > options.maxEntries) {
      throw invalidArchive(options.archive, `it has over ${options.maxEntries} entries`);
    }
    await takeMember(tree, member, options);
  }
  return tree;
}

async function takeMember(
  tree: Map<string, FileEntry>,
  member: Member,
  { archive, spool, keep }: TarOptions,
): Promise<void> {
  const path = parseTarPath(archive, member.header.name);
  const item = parseTarHeader(archive, path, member.header);
  if (path === "" || !keep(path)) {
    member.resume();
    return;
  }
  checkPlace(archive, tree, path);
  switch (item.kind) {
    case "file":
      tree.set(path, {
        type: "file",
        ...item.attributes,
        content: await spool.append(bytesOf(member)),
      });
      return;
    case "hard-link":
      tree.set(path, linkedFile(tree, { archive, path, target: item.target }));
      break;
    case "entry":
      tree.set(path, item.entry);
  }
  member.resume();
}

async function* bytesOf(member: Member): AsyncGenerator<Uint8Array> {
  for await (const chunk of member) {
    if (!(chunk instanceof Uint8Array)) throw new Error("a tar member gave no bytes");
    yield chunk;
  }
}

/** A path comes once, folders apart, and never below something that is no folder. */
function checkPlace(archive: string, tree: FileTree, path: string): void {
  const former = tree.get(path);
  if (former !== undefined && former.type !== "directory") {
    throw invalidArchive(archive, `${path} comes twice`);
  }
  const parent = parentOf(path);
  if ((tree.get(parent)?.type ?? "directory") !== "directory") {
    throw invalidArchive(archive, `${path} lies below ${parent}, which is no folder`);
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
