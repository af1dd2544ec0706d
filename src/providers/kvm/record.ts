import { join } from "node:path";
import { z } from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { architectureSchema } from "../../host/architecture.ts";
import { accelSchema, bootSchema } from "./options.ts";

const portSchema = z.number().int().min(1).max(65_535);

/** Everything a QEMU instance is made from; core stores it as JSON. */
const kvmRecordSchema = z.object({
  version: z.literal(1),
  /** The machine's SMBIOS UUID; on QEMU's command line it also tells whose process that is. */
  uuid: z.uuid(),
  name: z.string().min(1),
  directory: z.string().min(1),
  architecture: architectureSchema,
  images: z.object({
    kernel: z.string(),
    initramfs: z.string(),
    bootIso: z.string(),
    engineImage: z.string(),
    seedImage: z.string(),
    commandLine: z.string(),
  }),
  memoryMiB: z.number().int().positive(),
  cpuCount: z.number().int().positive(),
  diskSizeMiB: z.number().int().positive(),
  accel: accelSchema,
  boot: bootSchema,
  /** Null: found on PATH at each start. */
  program: z.string().nullable(),
  /** Null: the one that QEMU brings. */
  firmware: z.string().nullable(),
  /** On 127.0.0.1. `qmp` is null where QEMU's control socket is a file. */
  ports: z.object({ ssh: portSchema, docker: portSchema, qmp: portSchema.nullable() }),
});
export type KvmRecord = z.infer<typeof kvmRecordSchema>;

/** @throws TsmachineError RECORD_INVALID. */
export function parseKvmRecord(input: unknown): KvmRecord {
  const result = kvmRecordSchema.safeParse(input);
  if (result.success) return result.data;
  throw new TsmachineError("RECORD_INVALID", "the record of a kvm machine cannot be understood", {
    hints: ["remove the machine with `tsmachine rm -f`, then create it again"],
    cause: result.error,
  });
}

/** Names inside the machine's folder, which is also QEMU's working directory. */
export const fileNames = {
  dataDisk: "data.raw",
  consoleLog: "console.log",
  previousConsoleLog: "console.log.previous",
  qemuLog: "qemu.log",
  process: "qemu.json",
  pidFile: "qemu.pid",
  qmpSocket: "qmp.sock",
} as const satisfies Record<string, string>;

export type FileName = keyof typeof fileNames;

export function pathOf(record: Pick<KvmRecord, "directory">, file: FileName): string {
  return join(record.directory, fileNames[file]);
}
