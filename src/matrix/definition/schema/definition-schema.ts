import * as z from "zod";
import type { Path } from "../source/source.ts";
import { axesShape, someAxesSchema, xfailSchema } from "./axes-schema.ts";
import { keyDescriptions } from "./key-descriptions.ts";
import { ownEngineSchema, ownKernelSchema } from "./own-images-schema.ts";
import { nameSchema } from "./scalars.ts";
import { copySchema, shellSchema, workloadSchema } from "./workload-schema.ts";

/** A definition, matrix.yaml, whose scalars are all text. */
export const definitionSchema = z
  .strictObject({
    name: workloadSchema.shape.name.exactOptional().describe(keyDescriptions.name),
    ...axesShape,
    kernels: z
      .record(nameSchema, ownKernelSchema)
      .exactOptional()
      .describe(keyDescriptions.kernels),
    engines: z
      .record(nameSchema, ownEngineSchema)
      .exactOptional()
      .describe(keyDescriptions.engines),
    include: z.array(someAxesSchema).exactOptional().describe(keyDescriptions.include),
    exclude: z.array(someAxesSchema).exactOptional().describe(keyDescriptions.exclude),
    workloads: z.array(workloadSchema).min(1).describe(keyDescriptions.workloads),
    xfail: z.array(xfailSchema).exactOptional().describe(keyDescriptions.xfail),
  })
  .meta({
    title: "Matrix of tsmachine",
    description: "Which workloads are run on which kernels and engines",
  });
export type Definition = z.output<typeof definitionSchema>;

/** The keys that a mapping may have. */
export function keysAt(path: Path): readonly string[] {
  const last = path.at(-1);
  if (path.length === 0) return Object.keys(definitionSchema.shape);
  if (last === "run") return Object.keys(shellSchema.shape);
  if (path[0] === "kernels") return Object.keys(ownKernelSchema.shape);
  if (path[0] === "engines") return Object.keys(ownEngineSchema.shape);
  if (path[0] === "xfail") return Object.keys(xfailSchema.shape);
  if (path[0] !== "workloads") return Object.keys(someAxesSchema.shape);
  return Object.keys((path[2] === "copy" ? copySchema : workloadSchema).shape);
}
