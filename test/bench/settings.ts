import { resolve } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { TsmachineError } from "../../src/errors/tsmachine-error.ts";

const countSchema = z.coerce.number().int().min(1).max(1000);

const flagsSchema = z.object({
  only: z.string().optional(),
  runs: countSchema.default(3),
  "quick-runs": countSchema.default(20),
  store: z.string().min(1).default("bench-results/store"),
  name: z
    .string()
    .regex(/^[\w-][\w.-]*$/, "not a file's name")
    .default("latest"),
  markdown: z.boolean().default(false),
});

export interface Settings {
  /** Names of what to measure. */
  readonly wanted: ReadonlySet<string>;
  readonly runs: number;
  readonly quickRuns: number;
  readonly storagePath: string;
  /** Of the file in bench-results/, without ".json". */
  readonly resultName: string;
  readonly format: "table" | "markdown";
}

/**
 * @param names all that can be measured
 * @param namesWhenAsked those of them that are measured only when --only names them
 * @throws TsmachineError INVALID_INPUT
 */
export function parseSettings(
  args: string[],
  names: readonly string[],
  namesWhenAsked: readonly string[] = [],
): Settings {
  const parsed = flagsSchema.safeParse(readFlags(args, names));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`--${issue?.path.join(".")}: ${issue?.message}`, names);
  }
  const { only, runs, "quick-runs": quickRuns, store, name, markdown } = parsed.data;
  const wanted = new Set(
    only?.split(",") ?? names.filter((name) => !namesWhenAsked.includes(name)),
  );
  const unknown = [...wanted].filter((one) => !names.includes(one));
  if (unknown.length > 0) throw invalid(`--only: nothing is called ${unknown.join(", ")}`, names);
  return {
    ...{ wanted, runs, quickRuns },
    storagePath: resolve(store),
    resultName: name,
    format: markdown ? "markdown" : "table",
  };
}

function readFlags(args: string[], names: readonly string[]): unknown {
  const text = { type: "string" } as const;
  const options = {
    ...{ only: text, runs: text, "quick-runs": text, store: text, name: text },
    markdown: { type: "boolean" },
  } as const;
  try {
    return { ...parseArgs({ args, options }).values };
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw invalid(cause.message, names);
  }
}

function invalid(problem: string, names: readonly string[]): TsmachineError {
  const usage =
    `npm run bench -- [--only ${names.join(",")}] [--runs N] [--quick-runs N] ` +
    "[--store PATH] [--name RESULT] [--markdown]";
  return new TsmachineError("INVALID_INPUT", problem, { hints: [`call it as \`${usage}\``] });
}
