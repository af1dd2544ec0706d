import type * as z from "zod";

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

/** The first problem, with the field it is in: "endpoint.sshPort: expected number". */
export function describeProblem({ issues: [first] }: z.ZodError): string {
  if (first === undefined) return "unknown problem";
  const message = first.message.replace(/^Invalid input: /, "");
  return first.path.length === 0 ? message : `${first.path.join(".")}: ${message}`;
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
