import { open, rm } from "node:fs/promises";
import type { Content } from "../../bytes/content.ts";

/** A file on disk to which contents are written one after another. */
export interface Spool {
  /** Appends the bytes and says where they are; they can be read once the spool is closed. */
  append(chunks: AsyncIterable<Uint8Array>): Promise<Content>;
  /** Writes out what is still in memory. */
  close(): Promise<void>;
  /** Closes and deletes the file. */
  discard(): Promise<void>;
}

const bufferSize = 1 << 20;

/** Starts a new file. Small contents are gathered, so that a thousand of them cost few writes. */
export async function createSpool(path: string): Promise<Spool> {
  const file = await open(path, "wx", 0o600);
  const buffer = Buffer.allocUnsafe(bufferSize);
  let buffered = 0;
  let size = 0;

  async function flush(): Promise<void> {
    await file.writeFile(buffer.subarray(0, buffered));
    buffered = 0;
  }

  return {
    async append(chunks) {
      const offset = size;
      for await (const chunk of chunks) {
        if (buffered + chunk.length > bufferSize) await flush();
        if (chunk.length > bufferSize) {
          await file.writeFile(chunk);
        } else {
          buffer.set(chunk, buffered);
          buffered += chunk.length;
        }
        size += chunk.length;
      }
      return { kind: "slice", path, offset, size: size - offset };
    },
    async close() {
      try {
        await flush();
      } finally {
        await file.close();
      }
    },
    async discard() {
      await file.close();
      await rm(path, { force: true });
    },
  };
}
