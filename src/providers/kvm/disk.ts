import { open, rm } from "node:fs/promises";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { moveIntoPlace, temporaryPathFor } from "../../host/files/files.ts";
import { type KvmMachine, pathOf } from "./record.ts";

const mebibyte = 1024 * 1024;

/**
 * Makes the data disk as large as the record says: a raw image that takes no space until it is written. One that is
 * there already keeps what is in it and is never made smaller.
 * @throws TsmachineError DISK_FULL when the file system cannot hold a file of that size.
 */
export async function growDataDisk(
  machine: Pick<KvmMachine, "directory" | "diskSizeMiB">,
): Promise<void> {
  const wantedBytes = machine.diskSizeMiB * mebibyte;
  const path = pathOf(machine, "dataDisk");
  const file = await open(path, "a", 0o600);
  try {
    const { size } = await file.stat();
    if (size < wantedBytes) await file.truncate(wantedBytes);
    await file.sync();
  } catch (cause) {
    if (!isSystemError(cause, "ENOSPC", "EFBIG", "EDQUOT")) throw cause;
    throw new TsmachineError(
      "DISK_FULL",
      `there is no room for a data disk of ${machine.diskSizeMiB} MiB at ${path}`,
      { hints: ["free space on this host's disk, or give a smaller `--kvm-disk-size`"], cause },
    );
  } finally {
    await file.close();
  }
}

/**
 * Makes the data disk of what `write` puts at a path that is free, whole or not at all; it has at least the size of the
 * record then.
 * @throws whatever `write` throws; TsmachineError as growDataDisk
 */
export async function makeDataDisk(
  machine: Pick<KvmMachine, "directory" | "diskSizeMiB">,
  write: (path: string) => Promise<void>,
): Promise<void> {
  const path = pathOf(machine, "dataDisk");
  const partial = temporaryPathFor(path);
  try {
    await write(partial);
    await moveIntoPlace(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
  await growDataDisk(machine);
}
