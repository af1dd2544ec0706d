import type * as z from "zod";
import type { Json } from "../../provider.ts";

/**
 * One operation on Hyper-V. Its body is the inside of a PowerShell function that finds the request in
 * $request, an object, and gives back one hashtable. It is constant, and Windows PowerShell 5.1 runs it.
 */
export interface Script<Request extends Json, Value> {
  /** Such as "start-machine". */
  readonly name: string;
  readonly body: string;
  readonly request: z.ZodType<Request, Request>;
  readonly value: z.ZodType<Value>;
  /** A request as this host might make it, for those who look at the scripts from outside. */
  readonly sample: Request;
  /** Milliseconds that Hyper-V may take. */
  readonly timeoutMs: number;
}

/** Ties the types of one script together. */
export function defineScript<Request extends Json, Value>(
  script: Script<Request, Value>,
): Script<Request, Value> {
  return script;
}

/** Of a script only what makes a program text. */
export type ProgramSource = Pick<Script<Json, unknown>, "name" | "body" | "sample">;
