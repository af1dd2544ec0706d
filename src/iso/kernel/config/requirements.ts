import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

const rangeSchema = z.strictObject({
  /** The first version that it goes for. */
  since: z.string().optional(),
  /** The last version that it goes for. */
  until: z.string().optional(),
});
export type VersionRange = Readonly<z.infer<typeof rangeSchema>>;

const requirementSchema = z.strictObject({
  group: z.string(),
  title: z.string(),
  level: z.enum(["required", "recommended", "optional"]),
  /** Options of the kernel, without CONFIG_; one of them is enough. */
  anyOf: z.array(z.string().regex(/^[A-Z0-9_]+$/)).min(1),
  /** What breaks without it. */
  without: z.string(),
  /** Series of kernels; all unless given. */
  kernels: rangeSchema.optional(),
  /** Versions of the engine; all unless given. */
  engines: rangeSchema.optional(),
});
export type Requirement = Readonly<z.infer<typeof requirementSchema>>;

/** Reads templates/kernel-requirements.json: what a container engine needs of a kernel. */
export async function readRequirements(templates: string): Promise<readonly Requirement[]> {
  const text = await readFile(join(templates, "kernel-requirements.json"), "utf8");
  return z.array(requirementSchema).parse(JSON.parse(text));
}
