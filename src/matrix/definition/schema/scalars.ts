import * as z from "zod";

// A definition's scalars are all text, see composeYaml. The `type` that is given to meta is for
// editors, which read 6.12 as a number.

/** One or a list; the list may not be empty. */
export function oneOrMore<Item extends z.ZodType>(item: Item) {
  return z.union([item, z.array(item).min(1)]).transform((given): readonly z.output<Item>[] => {
    return Array.isArray(given) ? given : [given];
  });
}

/** An argument of a program, which may be empty. */
export const wordSchema = z
  .string()
  .regex(/^[^\0]*$/, { error: "has a character that cannot be given to a program" })
  .meta({ type: ["string", "number", "boolean"] });

/** A word that is not empty. */
export const textSchema = wordSchema.min(1).meta({ type: ["string", "number", "boolean"] });

/** A name of a workload or of the matrix. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { error: "is no name" })
  .meta({ type: ["string", "number"] });

/** A kernel or an engine. The characters are those of Debian's versions, and what `uname -r` has. */
export const versionSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.+~_-]*$/, { error: "is no version" })
  .meta({ type: ["string", "number"] });

export function integerSchema(least: number, most: number) {
  return z
    .string()
    .regex(/^[0-9]{1,9}$/, { error: "is no whole number" })
    .meta({ type: ["string", "integer"], minimum: least, maximum: most })
    .transform(Number)
    .pipe(z.number().min(least).max(most));
}

/** What is printed in a table. */
export const lineSchema = z
  .string()
  .min(1)
  .regex(/^[^\n\r]*$/, { error: "has several lines" });

/** An argument of the kernel's command line: ASCII without spaces, which would make two of it. */
export const kernelArgumentSchema = z
  .string()
  .regex(/^[!-~]+$/, { error: "is not one argument of a kernel's command line" });

export const regularExpressionSchema = z
  .string()
  .min(1)
  .refine(isRegularExpression, { error: "is no regular expression" })
  .meta({ format: "regex" });

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
