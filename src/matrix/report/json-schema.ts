import * as z from "zod";
import { reportSchema } from "./report.ts";

/**
 * The JSON schema (draft 2020-12) of a report as it is written, the same each time. Newer reports of the same version may
 * have further fields, which readers leave out.
 */
export function reportJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(reportSchema.meta({ title: "Report of a matrix of tsmachine" }), {
    ...{ target: "draft-2020-12", io: "input" },
  });
}
