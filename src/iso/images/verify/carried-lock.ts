import { type FileHandle, open } from "node:fs/promises";
import { sectorSize } from "../../../bytes/iso9660/sectors.ts";
import type { ImageLock } from "../image-lock.ts";
import { formatLock } from "../lock-file.ts";

const sectorsAtOnce = 512;

/**
 * Whether the boot ISO at that path has exactly this lock in it, as it gets one when it is made. Files
 * begin at sectors, so their contents are found without reading the ISO's folders.
 */
export async function carriesLock(
  path: string,
  lock: ImageLock,
  signal: AbortSignal,
): Promise<boolean> {
  const text = Buffer.from(formatLock(lock));
  const beginning = text.subarray(0, sectorSize);
  const file = await open(path);
  try {
    const sectors = Buffer.alloc(sectorsAtOnce * sectorSize);
    for (let position = 0; ; ) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(sectors, 0, sectors.length, position);
      const readSize = bytesRead - (bytesRead % sectorSize);
      if (readSize === 0) return false;
      for (let offset = 0; offset < readSize; offset += sectorSize) {
        const begins = sectors.subarray(offset, offset + beginning.length).equals(beginning);
        if (begins && (await hasTextAt(file, position + offset, text))) return true;
      }
      position += readSize;
    }
  } finally {
    await file.close();
  }
}

async function hasTextAt(file: FileHandle, position: number, text: Buffer): Promise<boolean> {
  const found = Buffer.alloc(text.length);
  await file.read(found, 0, found.length, position);
  return found.equals(text);
}
