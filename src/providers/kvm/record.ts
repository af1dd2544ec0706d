import { join } from "node:path";
import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { architectureSchema } from "../../host/architecture.ts";
import type { BootPlaces, MachinePlaces } from "../provider.ts";
import { accelSchema, bootSchema, maxCpuCount, maxDiskMiB, maxMemoryMiB } from "./options.ts";
import { sharedFolderSchema } from "./sharing/offered-folders.ts";

const portSchema = z.number().int().min(1).max(65_535);

/** On 127.0.0.1. `qmp` is null where QEMU's control socket is a file. */
export const portsSchema = z.object({
  ssh: portSchema,
  docker: portSchema,
  qmp: portSchema.nullable(),
});

/** What a QEMU instance is, wherever its files are; core stores it as JSON. */
const kvmRecordSchema = z.object({
  version: z.literal(2),
  /** The machine's SMBIOS UUID; on QEMU's command line it also tells whose process that is. */
  uuid: z.uuid(),
  name: z.string().min(1),
  architecture: architectureSchema,
  memoryMiB: z.number().int().positive().max(maxMemoryMiB),
  cpuCount: z.number().int().positive().max(maxCpuCount),
  diskSizeMiB: z.number().int().positive().max(maxDiskMiB),
  accel: accelSchema,
  boot: bootSchema,
  /** Null: found on PATH at each start. */
  program: z.string().nullable(),
  /** Null: the one that QEMU brings; "uefi": the one that this host has at each start; else a path. */
  firmware: z.string().nullable(),
  /** Those of the next start. */
  folders: z.array(sharedFolderSchema).default([]),
  /** Path of virtiofsd. Null: found on this host at each start. */
  virtiofsd: z.string().nullable().default(null),
  ports: portsSchema,
});
export type KvmRecord = z.infer<typeof kvmRecordSchema>;

/** An instance with the places that its files have now. */
export type KvmMachine = KvmRecord & BootPlaces;

/** @throws Error without images: whoever knows the provider's capabilities gives it some. */
export function placeMachine(record: KvmRecord, { directory, images }: MachinePlaces): KvmMachine {
  if (images === undefined) throw new Error("a kvm machine was opened without its images");
  return { ...record, directory, images };
}

/** Version 1 had the paths of the machine's folder and images too, which a moved store made false. */
const recordOfAnyVersionSchema = z.preprocess(
  (input) => (isFirstVersion(input) ? { ...input, version: 2 } : input),
  kvmRecordSchema,
);

function isFirstVersion(input: unknown): input is object {
  return z.object({ version: z.literal(1) }).safeParse(input).success;
}

/** @throws TsmachineError RECORD_INVALID. */
export function parseKvmRecord(input: unknown): KvmRecord {
  const result = recordOfAnyVersionSchema.safeParse(input);
  if (result.success) return result.data;
  throw new TsmachineError("RECORD_INVALID", "the record of a kvm machine cannot be understood", {
    hints: ["remove the machine with `tsmachine rm -f`, then create it again"],
    cause: result.error,
  });
}

/**
 * Names inside the machine's folder, which is also QEMU's working directory. `memory` is there while the machine is
 * suspended to disk; its disk must not change meanwhile. `folders` has the sockets and logs of shared folders.
 */
export const fileNames = {
  dataDisk: "data.raw",
  consoleLog: "console.log",
  previousConsoleLog: "console.log.previous",
  qemuLog: "qemu.log",
  process: "qemu.json",
  pidFile: "qemu.pid",
  qmpSocket: "qmp.sock",
  firmwareVariables: "uefi-variables.img",
  memory: "memory.state",
  memoryFacts: "memory.json",
  snapshots: "snapshots",
  folders: "folders",
} as const satisfies Record<string, string>;

export type FileName = keyof typeof fileNames;

export function pathOf({ directory }: Pick<KvmMachine, "directory">, file: FileName): string {
  return join(directory, fileNames[file]);
}
