import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

const portSchema = z.number().int().min(1).max(65_535);

export const genericRecordSchema = z.object({
  version: z.literal(1),
  /** Host name or IP address. */
  address: z.string().min(1),
  sshPort: portSchema,
  sshUser: z.string().min(1),
  dockerPort: portSchema,
});
export type GenericRecord = z.infer<typeof genericRecordSchema>;

/** @throws TsmachineError RECORD_INVALID */
export function parseRecord(input: unknown): GenericRecord {
  const result = genericRecordSchema.safeParse(input);
  if (result.success) return result.data;
  throw new TsmachineError(
    "RECORD_INVALID",
    "the record of a generic machine cannot be understood",
    {
      hints: ["remove the machine with `tsmachine rm -f`, then import it again"],
      cause: result.error,
    },
  );
}
