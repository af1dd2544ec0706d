import { createHash } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { BootPlaces, MachinePlaces } from "../provider.ts";
import type { MachineKey } from "./scripts/machine-parts.ts";

/** What a Hyper-V machine is, wherever its files are; core stores it as JSON. */
const hyperVRecordSchema = z.object({
  version: z.literal(1),
  /** Hyper-V's own id of the machine; null before `create`. Its name there may change, and is not unique. */
  id: z.guid().nullable(),
  /** What a machine is known by whose id is not known yet: see machine-parts.ts. */
  tag: z.string().regex(/^tsmachine-[0-9a-f-]{36}$/),
  name: z.string().min(1),
  generation: z.union([z.literal(1), z.literal(2)]),
  memoryMiB: z.number().int().positive(),
  hasDynamicMemory: z.boolean(),
  cpuCount: z.number().int().positive(),
  diskSizeMiB: z.number().int().positive(),
  switchId: z.guid(),
  switchName: z.string(),
  /** Twelve hexadecimal digits; null: Hyper-V chooses one. */
  macAddress: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .nullable(),
  vlanId: z.number().int().nullable(),
});
export type HyperVRecord = z.infer<typeof hyperVRecordSchema>;

/** An instance with the places that its files have now. */
export type HyperVMachine = HyperVRecord & BootPlaces;

/** @throws TsmachineError RECORD_INVALID */
export function parseHyperVRecord(input: unknown): HyperVRecord {
  const result = hyperVRecordSchema.safeParse(input);
  if (result.success) return result.data;
  throw new TsmachineError(
    "RECORD_INVALID",
    "the record of a hyperv machine cannot be understood",
    {
      hints: ["remove the machine with `tsmachine rm -f`, then create it again"],
      cause: result.error,
    },
  );
}

/** @throws Error without images: whoever knows the provider's capabilities gives it some. */
export function placeMachine(
  record: HyperVRecord,
  { directory, images }: MachinePlaces,
): HyperVMachine {
  if (images === undefined) throw new Error("a hyperv machine was opened without its images");
  return { ...record, directory, images };
}

export function keyOf({ id, tag }: Pick<HyperVRecord, "id" | "tag">): MachineKey {
  return { id, tag };
}

/**
 * Part of a machine's name in Hyper-V until it is complete: by it one that has no disk yet is known to be of this
 * folder when its record is lost. Upper and lower case are the same to Windows.
 */
export function markOf(directory: string): string {
  const digest = createHash("sha256").update(directory.toLowerCase()).digest("hex");
  return `in-${digest.slice(0, 32)}`;
}

/** Names inside the machine's folder. Hyper-V writes the files of checkpoints beside the data disk. */
const fileNames = {
  disks: "disks",
  dataDisk: join("disks", "data.vhdx"),
  consoleLog: "console.log",
} as const;

export function pathOf(
  { directory }: Pick<HyperVMachine, "directory">,
  file: keyof typeof fileNames,
): string {
  return join(directory, fileNames[file]);
}

/** Where the guest listens. */
export const guestPorts = { sshPort: 22, dockerPort: 2376 } as const;
