import { parseArgs } from "node:util";
import * as z from "zod";
import { TsmachineError } from "../../src/errors/tsmachine-error.ts";

const flagsSchema = z.object({
  only: z
    .string()
    .regex(/^\d+\.\d+(,\d+\.\d+)*$/, "not a list of series such as 6.1,7.3")
    .optional(),
  flavour: z.enum(["cloud", "full"]).default("cloud"),
  engine: z.string().min(1).optional(),
  ci: z.boolean().default(false),
});

/** Which kernels are tried with which engines. */
export interface Settings {
  /** Series of kernels: "6.1"; undefined for all. */
  readonly only: readonly string[] | undefined;
  readonly flavour: "cloud" | "full";
  /** As --engine-version takes it; undefined for the standard engine on all kernels, and all engines on the standard kernel. */
  readonly engine: string | undefined;
  /** "ends": the oldest, the standard and the newest kernel. */
  readonly extent: "all" | "ends";
}

/** @throws TsmachineError INVALID_INPUT */
export function parseSettings(args: readonly string[]): Settings {
  const parsed = flagsSchema.safeParse(readFlags(args));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`--${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { only, flavour, engine, ci } = parsed.data;
  return { only: only?.split(","), flavour, engine, extent: ci ? "ends" : "all" };
}

function readFlags(args: readonly string[]): unknown {
  const text = { type: "string" } as const;
  const options = { only: text, flavour: text, engine: text, ci: { type: "boolean" } } as const;
  try {
    return { ...parseArgs({ args: [...args], options }).values };
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw invalid(cause.message);
  }
}

function invalid(problem: string): TsmachineError {
  const usage =
    "npm run e2e:kernels -- [--only SERIES,…] [--flavour cloud|full] [--engine VERSION] [--ci]";
  return new TsmachineError("INVALID_INPUT", problem, { hints: [`call it as \`${usage}\``] });
}
