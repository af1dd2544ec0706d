import * as z from "zod";
import { describeProblem } from "../errors/describe-problem.ts";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import { invalidRecord, type RecordSource } from "./invalid-record.ts";
import { parseJsonFile } from "./json-file.ts";
import { type Migrations, migrate, migrations } from "./migrations.ts";
import { currentSchemaVersion, type MachineRecord, machineRecordSchema } from "./record.ts";

const versionedSchema = z.looseObject({ schemaVersion: z.number().int().min(0) });

/**
 * The record in this program's version, from the text of `path`.
 * @throws TsmachineError RECORD_INVALID with the first problem; RECORD_NEWER
 */
export function parseRecord(
  text: string,
  { name, path }: RecordSource,
  steps: Migrations = migrations,
): MachineRecord {
  const invalid = (problem: string) => invalidRecord(problem, { name, path });
  const versioned = parseJsonFile(text, versionedSchema, invalid);
  if (versioned.schemaVersion > currentSchemaVersion) {
    throw new TsmachineError(
      "RECORD_NEWER",
      `machine "${name}" was written by a newer tsmachine: ${path} has version ${versioned.schemaVersion}, this program knows ${currentSchemaVersion}`,
      { hints: ["install the newer program with `npm install -g tsmachine@latest`"] },
    );
  }
  const { schemaVersion } = versioned;
  if (schemaVersion < currentSchemaVersion && steps[schemaVersion] === undefined) {
    throw invalid(`schemaVersion: no program has written version ${schemaVersion}`);
  }
  const parsed = machineRecordSchema.safeParse(migrate(versioned, { steps }));
  if (!parsed.success) throw invalid(describeProblem(parsed.error));
  if (parsed.data.name !== name) throw invalid(`name: it is that of "${parsed.data.name}"`);
  return parsed.data;
}
