import { constants, copyFile, type FileHandle, open, rm } from "node:fs/promises";

const chunkBytes = 4 * 1024 * 1024;
const zeros = Buffer.alloc(chunkBytes);

export interface CopyOptions {
  readonly signal: AbortSignal;
  /** Told now and then how much of the file has been looked at, from 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/**
 * Copies a file to a path that is free, with mode 0600. The copy shares the blocks of the original where the file
 * system can do that; else what is zeros takes no space in it. On return it is on the disk.
 */
export async function copySparse(
  from: string,
  to: string,
  { signal, onProgress }: CopyOptions,
): Promise<void> {
  if (await clone(from, to)) return;
  const source = await open(from, "r");
  try {
    const target = await open(to, "wx", 0o600);
    try {
      await copyData(source, target, { signal, onProgress });
      await target.sync();
    } catch (error) {
      await rm(to, { force: true });
      throw error;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyData(
  source: FileHandle,
  target: FileHandle,
  { signal, onProgress }: CopyOptions,
): Promise<void> {
  const { size } = await source.stat();
  await target.truncate(size);
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (let at = 0; at < size; ) {
    signal.throwIfAborted();
    const { bytesRead } = await source.read(chunk, 0, chunkBytes, at);
    if (bytesRead === 0) return;
    await writeData(target, chunk.subarray(0, bytesRead), at);
    at += bytesRead;
    onProgress?.(at / size);
  }
}

/** What a block of most file systems has. */
const blockBytes = 4096;

/** Writes those blocks of the bytes, of which there are 4 MiB at most, that are not all zeros; the file has zeros there. */
export async function writeData(target: FileHandle, bytes: Buffer, at: number): Promise<void> {
  if (isZeros(bytes)) return;
  let begin = 0;
  for (let end = 0; end < bytes.length; ) {
    const block = bytes.subarray(end, end + blockBytes);
    const isHole = isZeros(block);
    if (isHole) await writeWhole(target, bytes.subarray(begin, end), at + begin);
    end += block.length;
    if (isHole) begin = end;
  }
  await writeWhole(target, bytes.subarray(begin), at + begin);
}

function isZeros(bytes: Buffer): boolean {
  return bytes.equals(zeros.subarray(0, bytes.length));
}

/** A full disk takes a part without a word, and refuses the next. */
async function writeWhole(target: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await target.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

/** Whether the file system could. Each refuses in words of its own. */
async function clone(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
  } catch {
    return false;
  }
  const copy = await open(to, "r+");
  try {
    await copy.chmod(0o600);
    await copy.sync();
  } finally {
    await copy.close();
  }
  return true;
}
