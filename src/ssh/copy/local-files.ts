import { mkdir, open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { isSystemError } from "../../errors/system-error.ts";
import type { Files, ReadableFile, WritableFile } from "./files.ts";

/** This host's files. The user's shell has expanded patterns already. */
export const localFiles: Files = {
  async status(path) {
    try {
      const found = await stat(path);
      const type = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
      return { type, mode: found.mode & 0o777, size: found.size };
    } catch (error) {
      if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
      throw error;
    }
  },
  meant: async (path) => [path],
  names: async (folder) => (await readdir(folder)).sort(),
  async makeFolder(path, mode) {
    try {
      await mkdir(path, { mode });
    } catch (error) {
      if (!isSystemError(error, "EEXIST")) throw error;
    }
  },
  openToRead,
  openToWrite,
  join,
  baseName: basename,
  describe: (path) => path,
};

async function openToRead(path: string): Promise<ReadableFile> {
  const file = await open(path, "r");
  return {
    async read(position, length) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

async function openToWrite(path: string, mode: number): Promise<WritableFile> {
  const file = await open(path, "w", mode);
  return {
    async write(position, bytes) {
      let written = 0;
      while (written < bytes.length) {
        const left = bytes.subarray(written);
        written += (await file.write(left, 0, left.length, position + written)).bytesWritten;
      }
    },
    close: () => file.close(),
  };
}
