import { open } from "node:fs/promises";

/** The bytes of a file to be: in memory, or a run of bytes inside a file on disk. */
export type Content =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | {
      readonly kind: "slice";
      readonly path: string;
      /** Bytes from the beginning of the file at `path`. */
      readonly offset: number;
      readonly size: number;
    };

export function sizeOf(content: Content): number {
  return content.kind === "bytes" ? content.bytes.length : content.size;
}

const chunkSize = 1 << 20;

/** The content in chunks of at most 1 MiB. @throws Error when the file on disk is too short. */
export async function* chunksOf(content: Content): AsyncGenerator<Uint8Array> {
  if (content.kind === "bytes") {
    yield content.bytes;
    return;
  }
  const file = await open(content.path, "r");
  try {
    let position = content.offset;
    const end = content.offset + content.size;
    while (position < end) {
      const buffer = Buffer.alloc(Math.min(chunkSize, end - position));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) throw new Error(`${content.path} ends before byte ${end}`);
      yield buffer.subarray(0, bytesRead);
      position += bytesRead;
    }
  } finally {
    await file.close();
  }
}
