import * as z from "zod";
import { TsmachineError } from "../../../src/errors/tsmachine-error.ts";

/** What the store keeps of an instance. */
export const recordSchema = z.object({
  name: z.string(),
  memoryMiB: z.number(),
  cpuCount: z.number().default(1),
  diskSizeMiB: z.number().default(1024),
  sshPort: z.number(),
  dockerPort: z.number(),
  folders: z
    .array(z.object({ path: z.string(), mountPoint: z.string(), isReadOnly: z.boolean() }))
    .default([]),
});
export type FakeRecord = z.infer<typeof recordSchema>;

/** Of `create`, as its flags give them. */
export const optionsSchema = z.object({
  memoryMiB: z.coerce
    .number()
    .int()
    .min(1)
    .default(1024)
    .meta({ flag: "memory", description: "memory of the machine in MiB" }),
});

/** @throws TsmachineError INVALID_INPUT */
export function parseOptions(input: unknown): z.infer<typeof optionsSchema> {
  const result = optionsSchema.safeParse(input ?? {});
  if (result.success) return result.data;
  throw new TsmachineError("INVALID_INPUT", "options of the fake provider are wrong", {
    hints: ["give other options"],
    cause: result.error,
  });
}
