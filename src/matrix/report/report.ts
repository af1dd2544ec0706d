import * as z from "zod";
import { axesSchema } from "../definition/axes.ts";
import { outcomeSchema } from "./outcome.ts";

/** Raised by every change that older readers would misread. */
export const reportSchemaVersion = 1;

const milliseconds = z.number().min(0);

/** What came of one workload on one kernel and engine. */
export const cellResultSchema = z.object({
  /** The axes as text, see cellId: "6.1/26.1", "6.1/26.1/storage-driver=vfs". */
  cell: z.string().min(1),
  workload: z.string().min(1),
  axes: axesSchema,
  outcome: outcomeSchema,
  /** What it would be if nothing were expected of the cell; absent where that is the outcome. */
  observed: outcomeSchema.exactOptional(),
  /** The workload's exit status; absent where it did not end by itself. */
  exitStatus: z.number().int().exactOptional(),
  /** Why it ended so, one line; empty for what passed. */
  reason: z.string(),
  /** Why the definition expects the cell to fail; absent where it is expected to pass. */
  xfail: z.string().exactOptional(),
  /** How often it was begun; more than once only after an outcome of "infra". */
  attempts: z.number().int().min(0),
  /** What `uname -r` printed in the machine. */
  kernelRelease: z.string().exactOptional(),
  /**
   * The key of its kernel's configuration in kernelConfigs, where it is not kernelRelease: of a
   * kernel that was not booted, or did not come up.
   */
  kernelConfig: z.string().exactOptional(),
  /** What the engine said of itself. */
  engineVersion: z.string().exactOptional(),
  /** What the machine ran on: "kvm", "tcg" and so on. */
  accelerator: z.string().exactOptional(),
  /** The machine's name, where it was kept. */
  machine: z.string().exactOptional(),
  startedAt: z.iso.datetime().exactOptional(),
  timings: z.object({
    /** From power-on until the engine answered. */
    bootMs: milliseconds.exactOptional(),
    /** Loading archives and copying files. */
    prepareMs: milliseconds.exactOptional(),
    workloadMs: milliseconds.exactOptional(),
    /** From the cell's beginning until its machine was gone. */
    totalMs: milliseconds,
  }),
  /** What the workload printed, both streams as they came; its end where that is long. */
  output: z.string(),
  /** The machine's console; its end where that is long. */
  console: z.string(),
  /** What the kernel complained of: the first line of each complaint. */
  splats: z.array(z.string()),
});
export type CellResult = Readonly<z.infer<typeof cellResultSchema>>;

/** What a run of a matrix writes with --json, and what diff, merge and the pages are made from. */
export const reportSchema = z.object({
  schemaVersion: z.literal(reportSchemaVersion),
  /** What wrote it: "0.1.0". */
  tsmachineVersion: z.string(),
  /** The definition's name. */
  name: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  host: z.object({
    platform: z.string(),
    architecture: z.string(),
    cpuCount: z.number().int().min(1),
    memoryMiB: z.number().int().min(1),
  }),
  /** In the order of the definition, whatever ended first. */
  results: z.array(cellResultSchema),
  /** The configurations of the kernels, by release: text compressed by gzip, in base64. */
  kernelConfigs: z.record(z.string(), z.base64()),
});
export type Report = Readonly<z.infer<typeof reportSchema>>;
