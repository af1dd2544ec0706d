import type * as z from "zod";
import { TsmachineError } from "../errors/tsmachine-error.ts";

/**
 * The create options of a provider, parsed by its schema.
 * @param provider the provider's id, which its flags begin with
 * @throws TsmachineError INVALID_INPUT that names each bad option by its flag
 */
export function parseOptions<Schema extends z.ZodObject>(
  provider: string,
  schema: Schema,
  input: unknown,
): z.infer<Schema> {
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  const fields: Readonly<Record<string, z.ZodType | undefined>> = schema.shape;
  const problems = result.error.issues.map(({ path, message }) => {
    const flag = fields[String(path[0])]?.meta()?.flag;
    return {
      flag: flag === undefined ? `options of ${provider}` : `--${provider}-${flag}`,
      message,
    };
  });
  throw new TsmachineError(
    "INVALID_INPUT",
    problems.map(({ flag, message }) => `${flag}: ${message}`).join("; "),
    { hints: problems.map(({ flag }) => hintFor(flag)) },
  );
}

/** @param flag the flag's name after `--PROVIDER-` */
export function refusedOption(provider: string, flag: string, problem: string): TsmachineError {
  const name = `--${provider}-${flag}`;
  return new TsmachineError("INVALID_INPUT", `${name}: ${problem}`, { hints: [hintFor(name)] });
}

function hintFor(flag: string): string {
  return `give another value with ${flag}, or leave it out`;
}
