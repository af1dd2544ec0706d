import { type FileHandle, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { sleep } from "../sleep.ts";
import { unlessMissing } from "./files.ts";

export interface LogReading {
  /** How many of the last lines to begin with; all when undefined. */
  readonly lines: number | undefined;
  /** Whether to go on with what is written later. */
  readonly isFollowed: boolean;
  readonly signal: AbortSignal;
  /** How often a followed file is looked at; 250 ms unless given. */
  readonly everyMs?: number;
}

/**
 * The bytes of a file that others append to; nothing where there is no such file. A file that is followed is waited for,
 * read from its beginning again when it was emptied, and left for a new one that has taken its place; the end comes
 * when its folder is gone. Looked at and not watched: a rename and a store on a network look the same then.
 * @throws the signal's reason when aborted
 */
export async function* readLog(path: string, reading: LogReading): AsyncGenerator<Buffer> {
  const { lines, isFollowed, signal, everyMs = 250 } = reading;
  let log = await openLog(path, lines);
  try {
    for (;;) {
      if (log !== undefined) yield* restOf(log, reading);
      if (!isFollowed) return;
      const place = await placeNow(path, log);
      if (place === "gone") return;
      if (place === "another file") {
        // What its writer has added before it took the next one.
        if (log !== undefined) yield* restOf(log, reading);
        await log?.file.close();
        log = undefined;
        log = await openLog(path, undefined);
        continue;
      }
      if (place === "emptied" && log !== undefined) log.position = 0;
      await sleep(everyMs, signal);
    }
  } finally {
    await log?.file.close();
  }
}

interface Log {
  readonly file: FileHandle;
  readonly inode: number;
  position: number;
}

async function openLog(path: string, lines: number | undefined): Promise<Log | undefined> {
  const file = await unlessMissing(open(path, "r"));
  if (file === undefined) return undefined;
  try {
    const { ino, size } = await file.stat();
    const position = lines === undefined ? 0 : await startOfLastLines(file, size, lines);
    return { file, inode: ino, position };
  } catch (error) {
    await file.close();
    throw error;
  }
}

const blockBytes = 64 * 1024;

/** Where it is not followed, no more than there was at the beginning: it may grow faster than it is read. */
async function* restOf(log: Log, { isFollowed, signal }: LogReading): AsyncGenerator<Buffer> {
  const end = isFollowed ? Number.POSITIVE_INFINITY : (await log.file.stat()).size;
  while (log.position < end) {
    signal.throwIfAborted();
    const buffer = Buffer.alloc(Math.min(blockBytes, end - log.position));
    const { bytesRead } = await log.file.read(buffer, 0, buffer.length, log.position);
    if (bytesRead === 0) return;
    log.position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function placeNow(path: string, log: Log | undefined) {
  const status = await unlessMissing(stat(path));
  if (status === undefined) {
    const folder = await unlessMissing(stat(dirname(path)));
    return folder === undefined ? "gone" : "same";
  }
  if (status.ino !== log?.inode) return "another file";
  return status.size < log.position ? "emptied" : "same";
}

/** A newline at the very end belongs to the last line. */
async function startOfLastLines(file: FileHandle, size: number, lines: number): Promise<number> {
  if (lines === 0) return size;
  let left = lines;
  for (let end = size; end > 0; end -= blockBytes) {
    const begin = Math.max(0, end - blockBytes);
    const buffer = Buffer.alloc(end - begin);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, begin);
    for (let at = bytesRead - 1; at >= 0; at -= 1) {
      if (buffer[at] !== newline || begin + at === size - 1) continue;
      left -= 1;
      if (left === 0) return begin + at + 1;
    }
  }
  return 0;
}

const newline = 0x0a;
