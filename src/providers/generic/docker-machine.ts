import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Json } from "../provider.ts";
import type { GenericRecord } from "./record.ts";

/**
 * The part "Driver" of docker-machine's configuration. Zeros and empty texts stand for its defaults;
 * versions before 3 have no port of the engine. Source: docker-machine 0.16.2, drivers/generic.
 */
const driverSchema = z.object({
  IPAddress: z.string().min(1),
  SSHPort: z.number().int().min(0).max(65_535).default(0),
  SSHUser: z.string().default(""),
  EnginePort: z.number().int().min(0).max(65_535).default(0),
});

/** @throws TsmachineError IMPORT_INVALID */
export function parseDriver(driver: Json): GenericRecord {
  const result = driverSchema.safeParse(driver);
  if (result.success) {
    const { IPAddress, SSHPort, SSHUser, EnginePort } = result.data;
    return {
      ...{ version: 1, address: IPAddress, sshUser: SSHUser || "root" },
      ...{ sshPort: SSHPort || 22, dockerPort: EnginePort || 2376 },
    };
  }
  const [field] = result.error.issues[0]?.path ?? [];
  throw new TsmachineError("IMPORT_INVALID", `Driver.${String(field)} of it has no usable value`, {
    hints: ["mend the field in the machine's config.json"],
    cause: result.error,
  });
}
