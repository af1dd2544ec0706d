import { type FileHandle, open } from "node:fs/promises";

/** The bytes of a file to be: in memory, a run of bytes inside a file on disk, or several of these. */
export type Content = { readonly kind: "bytes"; readonly bytes: Uint8Array } | Slice | Sequence;

interface Slice {
  readonly kind: "slice";
  readonly path: string;
  /** Bytes from the beginning of the file at `path`. */
  readonly offset: number;
  readonly size: number;
}

interface Sequence {
  readonly kind: "sequence";
  /** One after another, without a gap. */
  readonly parts: readonly Content[];
}

export function sizeOf(content: Content): number {
  switch (content.kind) {
    case "bytes":
      return content.bytes.length;
    case "slice":
      return content.size;
    case "sequence":
      return content.parts.reduce((size, part) => size + sizeOf(part), 0);
  }
}

/**
 * What two contents have in common when they are the same bytes in the same place, as those of
 * hard links are. Equal bytes in two places differ.
 */
export function placeOf(content: Content): ContentPlace {
  switch (content.kind) {
    case "bytes":
      return content.bytes;
    case "slice":
      return `${content.offset}+${content.size}@${content.path}`;
    case "sequence":
      return content.parts;
  }
}

export type ContentPlace = Uint8Array | string | readonly Content[];

const chunkSize = 1 << 20;

/** The content in chunks of at most 1 MiB. @throws Error when the file on disk is too short. */
export async function* chunksOf(content: Content): AsyncGenerator<Uint8Array> {
  const reader = createContentReader();
  try {
    yield* reader.chunksOf(content);
  } finally {
    await reader.close();
  }
}

/** Reads many contents and opens each file but once. */
export interface ContentReader {
  /** As the function `chunksOf`. */
  chunksOf(content: Content): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

export function createContentReader(): ContentReader {
  const files = new Map<string, FileHandle>();

  async function openOnce(path: string): Promise<FileHandle> {
    const file = files.get(path) ?? (await open(path, "r"));
    files.set(path, file);
    return file;
  }

  async function* chunksOf(content: Content): AsyncGenerator<Uint8Array> {
    if (content.kind === "bytes") yield content.bytes;
    else if (content.kind === "sequence") for (const part of content.parts) yield* chunksOf(part);
    else if (content.size > 0) yield* chunksOfSlice(await openOnce(content.path), content);
  }

  return {
    chunksOf,
    async close() {
      await Promise.all([...files.values()].map((file) => file.close()));
      files.clear();
    },
  };
}

async function* chunksOfSlice(file: FileHandle, { path, offset, size }: Slice) {
  const end = offset + size;
  for (let position = offset; position < end; ) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkSize, end - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) throw new Error(`${path} ends before byte ${end}`);
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

/** All of the content at once. */
export async function readContent(content: Content): Promise<Uint8Array> {
  if (content.kind === "bytes") return content.bytes;
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(content)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
