import * as z from "zod";
import type { Qmp } from "../qmp/qmp.ts";

/** MigrationInfo of QEMU's qapi/migration.json. */
const migrationSchema = z.object({
  status: z.string().optional(),
  "error-desc": z.string().optional(),
  ram: z.object({ transferred: z.number(), total: z.number() }).optional(),
});
export type Migration = z.infer<typeof migrationSchema>;

export async function queryMigration(qmp: Qmp): Promise<Migration> {
  return migrationSchema.parse(await qmp.execute("query-migrate"));
}

/** States of a migration that QEMU still works on. */
const underWay: ReadonlySet<string | undefined> = new Set([
  ...["setup", "active", "cancelling", "pre-switchover", "device", "wait-unplug"],
]);

export function isUnderWay({ status }: Migration): boolean {
  return underWay.has(status);
}
