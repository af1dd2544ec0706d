import { currentSchemaVersion } from "./record.ts";

export interface VersionedRecord {
  readonly schemaVersion: number;
  readonly [field: string]: unknown;
}

/** By version: makes the fields of the next version from those of this one. */
export type Migrations = Readonly<Record<number, (record: VersionedRecord) => object>>;

export const migrations: Migrations = {};

/** The record in the wanted version; fields that no migration touches stay as they are. */
export function migrate(
  record: VersionedRecord,
  { steps = migrations, to = currentSchemaVersion }: { steps?: Migrations; to?: number } = {},
): VersionedRecord {
  if (record.schemaVersion >= to) return record;
  const step = steps[record.schemaVersion];
  if (step === undefined) throw new Error(`no migration from version ${record.schemaVersion}`);
  const next = { ...step(record), schemaVersion: record.schemaVersion + 1 };
  return migrate(next, { steps, to });
}
