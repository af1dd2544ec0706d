import type { ReadableFile, WritableFile } from "./files.ts";

/** What OpenSSH's own programs have under way: more than a round trip's worth on most networks. */
const requestsAtOnce = 32;
/** Every SFTP server takes requests of this many bytes. */
const bytesPerRequest = 32_768;

/** Copies from the beginning to the end, wherever that is by then, many pieces at once. */
export async function copyContent(
  from: ReadableFile,
  to: WritableFile,
  onBytes: (count: number) => void,
): Promise<void> {
  let next = 0;
  let isAtEnd = false;
  async function copyPieces(): Promise<void> {
    while (!isAtEnd) {
      const start = next;
      next += bytesPerRequest;
      try {
        if ((await copyPiece(start)) < bytesPerRequest) isAtEnd = true;
      } catch (error) {
        isAtEnd = true;
        throw error;
      }
    }
  }
  /** A read may bring less than was asked for before the end of the file. */
  async function copyPiece(start: number): Promise<number> {
    let copied = 0;
    while (copied < bytesPerRequest) {
      const bytes = await from.read(start + copied, bytesPerRequest - copied);
      if (bytes.length === 0) break;
      await to.write(start + copied, bytes);
      copied += bytes.length;
      onBytes(bytes.length);
    }
    return copied;
  }
  const results = await Promise.allSettled(Array.from({ length: requestsAtOnce }, copyPieces));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
