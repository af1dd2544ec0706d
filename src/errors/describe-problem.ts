import type * as z from "zod";

/** The first problem, with the field it is in: "endpoint.sshPort: expected number". */
export function describeProblem({ issues: [first] }: z.ZodError): string {
  if (first === undefined) return "unknown problem";
  const message = first.message.replace(/^Invalid input: /, "");
  return first.path.length === 0 ? message : `${first.path.join(".")}: ${message}`;
}
