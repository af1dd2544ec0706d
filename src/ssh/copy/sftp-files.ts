import { posix } from "node:path";
import type { Client, SFTPWrapper, Stats } from "ssh2";
import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { expandPattern } from "./expand-pattern.ts";
import type { FileStatus, Files, ReadableFile, WritableFile } from "./files.ts";

/**
 * The files of a machine, by SFTP: version 3, draft-ietf-secsh-filexfer-02, which OpenSSH's server
 * speaks. Relative paths begin in the user's home. Requests that wait when the connection ends
 * fail with SSH_CONNECTION_LOST.
 * @param machine its name in messages
 * @throws TsmachineError COPY_FAILED when the machine has no SFTP server.
 */
export async function openSftpFiles(client: Client, machine: string): Promise<Files> {
  const sftp = await openSftp(client, machine);
  const request = requestsOn(client);

  async function status(path: string): Promise<FileStatus | undefined> {
    try {
      return statusOf(await request<Stats>((done) => sftp.stat(path, done)));
    } catch (error) {
      if (isStatus(error, noSuchFile)) return undefined;
      throw error;
    }
  }
  async function names(folder: string): Promise<readonly string[]> {
    type Listed = { readonly filename: string }[];
    const entries = await request<Listed>((done) => sftp.readdir(folder, done));
    return entries
      .map(({ filename }) => filename)
      .filter((name) => !/^\.\.?$/.test(name))
      .sort();
  }
  return {
    status,
    names,
    async meant(path) {
      return (await status(path)) === undefined ? expandPattern(path, names) : [path];
    },
    async makeFolder(path, mode) {
      try {
        await request<void>((done) => sftp.mkdir(path, { mode }, done));
      } catch (error) {
        // The protocol has no word of its own for what is there already.
        if ((await status(path))?.type !== "folder") throw error;
      }
    },
    async openToRead(path): Promise<ReadableFile> {
      const handle = await request<Buffer>((done) => sftp.open(path, "r", done));
      return { read: readFrom(sftp, handle, request), close: closing(handle) };
    },
    async openToWrite(path, mode): Promise<WritableFile> {
      const handle = await request<Buffer>((done) => sftp.open(path, "w", mode, done));
      return {
        write: (position, bytes) =>
          request<void>((done) =>
            sftp.write(handle, Buffer.from(bytes), 0, bytes.length, position, done),
          ),
        close: closing(handle),
      };
    },
    join: posix.join,
    baseName: posix.basename,
    describe: (path) => `${machine}:${path}`,
  };

  function closing(handle: Buffer): () => Promise<void> {
    return () => request<void>((done) => sftp.close(handle, done));
  }
}

type Done<T> = (error: Error | null | undefined, result: T) => void;
type Request = <T>(start: (done: Done<T>) => void) => Promise<T>;

function requestsOn(client: Client): Request {
  const waiting = new Set<() => void>();
  let isEnded = false;
  client.once("close", () => {
    isEnded = true;
    for (const giveUp of waiting) giveUp();
  });
  return (start) =>
    new Promise((resolve, reject) => {
      const giveUp = () => reject(connectionLost());
      // ssh2 would leave it unanswered.
      if (isEnded) return giveUp();
      waiting.add(giveUp);
      start((error, result) => {
        waiting.delete(giveUp);
        if (error) reject(error);
        else resolve(result);
      });
    });
}

function readFrom(sftp: SFTPWrapper, handle: Buffer, request: Request): ReadableFile["read"] {
  return async (position, length) => {
    const buffer = Buffer.alloc(length);
    try {
      const count = await request<number>((done) =>
        sftp.read(handle, buffer, 0, length, position, (error, bytesRead) =>
          done(error, bytesRead),
        ),
      );
      return buffer.subarray(0, count);
    } catch (error) {
      if (isStatus(error, endOfFile)) return new Uint8Array();
      throw error;
    }
  };
}

async function openSftp(client: Client, machine: string): Promise<SFTPWrapper> {
  try {
    return await new Promise((resolve, reject) => {
      client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)));
    });
  } catch (cause) {
    throw new TsmachineError("COPY_FAILED", `machine "${machine}" has no SFTP server`, {
      hints: [`give it a newer system with \`tsmachine upgrade ${machine}\``],
      cause,
    });
  }
}

function statusOf(stats: Stats): FileStatus {
  const type = stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
  return { type, mode: stats.mode & 0o777, size: stats.size };
}

/** SSH_FX_EOF and SSH_FX_NO_SUCH_FILE */
const endOfFile = 1;
const noSuchFile = 2;

function isStatus(error: unknown, status: number): boolean {
  return z.object({ code: z.literal(status) }).safeParse(error).success;
}

function connectionLost(): TsmachineError {
  return new TsmachineError("SSH_CONNECTION_LOST", "the machine closed the SSH connection", {
    hints: ["see with `tsmachine ls` whether the machine still runs"],
  });
}
