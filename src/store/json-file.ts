import type * as z from "zod";
import { describeProblem } from "../errors/describe-problem.ts";

/** The value that the schema makes of the text; `invalid` words the error from its first problem. */
export function parseJsonFile<T>(
  text: string,
  schema: z.ZodType<T>,
  invalid: (problem: string) => Error,
): T {
  const parsed = schema.safeParse(parseJson(text, invalid));
  if (!parsed.success) throw invalid(describeProblem(parsed.error));
  return parsed.data;
}

function parseJson(text: string, invalid: (problem: string) => Error): unknown {
  if (text.trim() === "") throw invalid("it is empty");
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid(error.message);
    throw error;
  }
}
