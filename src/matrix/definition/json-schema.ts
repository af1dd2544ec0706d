import * as z from "zod";
import { definitionSchema } from "./schema/definition-schema.ts";

/**
 * The JSON schema (draft 2020-12) of a definition as it is written, for editors: every key has its
 * description. It is the same each time. What refers to something else, such as xfail to a workload,
 * is looked at by parseMatrix alone.
 */
export function matrixJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(definitionSchema, { target: "draft-2020-12", io: "input" });
}
