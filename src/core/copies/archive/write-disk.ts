import { type FileHandle, open, rm } from "node:fs/promises";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { writeData } from "../../../host/files/copy-sparse.ts";
import { partBytes, partOffset, partSize, sumsName } from "./archive-format.ts";
import { invalidArchive } from "./invalid-archive.ts";
import { type ArchiveMember, type MemberReader, shown } from "./member-reader.ts";

export interface DiskTarget {
  /** Of the archive. */
  readonly path: string;
  /** The first member of the disk, or the sums of an archive whose disk is all zeros. */
  readonly first: ArchiveMember;
  readonly diskBytes: number;
  /** Where the disk goes; nothing is there. */
  readonly to: string;
  readonly signal: AbortSignal;
}

/** The parts of the disk, each at its place, and the sums behind them. @throws as OpenArchive.writeDisk */
export async function writeDisk(reader: MemberReader, target: DiskTarget): Promise<void> {
  const { to } = target;
  const file = await open(to, "wx", 0o600);
  try {
    await enlarge(file, target);
    await writeParts(reader, target, file);
    await file.sync();
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function enlarge(file: FileHandle, { to, diskBytes }: DiskTarget): Promise<void> {
  try {
    await file.truncate(diskBytes);
  } catch (cause) {
    if (!isSystemError(cause, "EFBIG", "EINVAL")) throw cause;
    throw new TsmachineError(
      "DISK_FULL",
      `there is no room for a disk of ${diskBytes} bytes at ${to}`,
      {
        hints: ["choose a store on another disk with --storage-path"],
        cause,
      },
    );
  }
}

async function writeParts(
  reader: MemberReader,
  { path, first, diskBytes, signal }: DiskTarget,
  file: FileHandle,
): Promise<void> {
  let end = 0;
  let member = first;
  while (member.name !== sumsName) {
    signal.throwIfAborted();
    const { name, size } = member;
    const offset = partOffset(name) ?? -1;
    // In order, none twice: whoever reads the archive never goes back.
    const isPlace = offset >= end && offset < diskBytes && offset % partBytes === 0;
    if (!isPlace || size !== partSize(offset, diskBytes)) {
      throw invalidArchive(
        path,
        `it has ${shown(name)} of ${size} bytes where that does not belong`,
      );
    }
    await writeData(file, await member.read(), offset);
    end = offset + size;
    const next = await reader.next();
    if (next === undefined) throw invalidArchive(path, `it ends before its ${sumsName}`);
    member = next;
  }
  await reader.requireSums(member);
  if ((await reader.next()) !== undefined) {
    throw invalidArchive(path, `it goes on behind its ${sumsName}`);
  }
}
