import { stat } from "node:fs/promises";
import { requirePlaceForFile } from "../../host/files/place-for-file.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";
import { withMachineLock } from "../machine/with-machine-lock.ts";
import { carriedFileKeys } from "./archive/archive-format.ts";
import { writeArchive } from "./archive/write-archive.ts";
import { carriedRecord } from "./carried-record.ts";
import { openPortable } from "./require-portable.ts";

export interface ExportRequest {
  readonly name: string;
  readonly path: string;
  /** Whether a file that is at that path stays, which is an error, or is replaced. */
  readonly existing: "kept" | "replaced";
}

export interface ExportedMachine {
  /** Bytes of the archive. */
  readonly size: number;
  /** Bytes of the machine's disk as its guest sees it. */
  readonly diskBytes: number;
}

/**
 * Writes a file with all that there is to a machine, which is off and stays as it is: docs/store.md has its format.
 * @throws TsmachineError those of requirePlaceForFile and openPortable; the system's errors
 */
export async function exportMachine(
  context: Context,
  { name, path, existing }: ExportRequest,
): Promise<ExportedMachine> {
  const { root: store } = context.store.layout;
  await requirePlaceForFile({ path, existing, example: `${name}.tsmachine`, store });
  return withMachineLock(context, name, async () => {
    const { record, portable } = await openPortable(context, name, "exported");
    const files = await context.store.readMachineFiles(name, carriedFileKeys);
    if (record.tlsFiles !== undefined) {
      context.warn(
        `machine "${name}" has certificates of files outside the store, which do not go along; imported it has those of the other store`,
      );
    }
    const archive = { record: exportedRecord(record), files, disk: portable.disk };
    await context.progress.step(`Exporting machine "${name}"`, (report) =>
      writeArchive(archive, { path, existing, now: context.now(), report, signal: context.signal }),
    );
    const [{ size }, disk] = await Promise.all([stat(path), stat(portable.disk)]);
    return { size, diskBytes: disk.size };
  });
}

/** What the user asked for may name files of this host; what came of it is in the provider's record. */
function exportedRecord(record: MachineRecord): MachineRecord {
  const { provider, ...carried } = carriedRecord(record);
  const { dockerContext } = record;
  return {
    ...carried,
    provider: { ...provider, options: {} },
    ...(dockerContext !== undefined && { dockerContext }),
  };
}
