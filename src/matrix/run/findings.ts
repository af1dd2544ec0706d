import { type Context, operationFor } from "../../core/context.ts";
import { messageOf } from "../../errors/message-of.ts";
import type { Instance } from "../../providers/provider.ts";
import type { CellResult } from "../report/report.ts";
import { findSplats } from "./find-splats.ts";
import type { Identity } from "./guest.ts";

/** What was found out about a cell so far; filled in as it goes, so that a failure keeps it. */
export interface Findings
  extends Mutable<
    Pick<
      Partial<CellResult>,
      "kernelRelease" | "engineVersion" | "accelerator" | "output" | "console" | "machine"
    >
  > {
  readonly timings: { bootMs?: number; prepareMs?: number; workloadMs?: number };
  splats: readonly string[];
  /** Of the kernel and the engine before anything was done with them. */
  identity?: Identity;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** As much of the console as a report holds. */
const consoleLines = 400;
/** All of it, unless a machine talks without end. */
const searchedLines = 100_000;

/** Adds the kernel's complaints among these messages to those that are known, each once. */
export function addSplats(findings: Findings, messages: string, allowed: readonly string[]): void {
  findings.splats = [...new Set([...findings.splats, ...findSplats(messages, allowed)])];
}

/**
 * Notes the end of the machine's console, or why there is none: what else is known of the cell is not lost by that. The
 * kernel's complaints are looked for in all of it.
 * @returns all of it
 */
export async function noteConsole(
  findings: Findings,
  instance: Instance,
  allowed: readonly string[],
): Promise<readonly string[]> {
  try {
    const console = await instance.consoleTail(searchedLines);
    findings.console = console.slice(-consoleLines).join("\n");
    addSplats(findings, console.join("\n"), allowed);
    return console;
  } catch (error) {
    findings.console = `[the console cannot be read: ${messageOf(error)}]`;
    return [];
  }
}

/** Whether the machine runs; no where nobody can tell. Throws only the signal's reason. */
export async function isRunning(context: Context, instance: Instance): Promise<boolean> {
  try {
    return (await instance.power(operationFor(context))) === "running";
  } catch {
    context.signal.throwIfAborted();
    return false;
  }
}

/** Notes how long the action took, also when it fails. */
export async function timed<T>(
  { timings }: Findings,
  what: keyof Findings["timings"],
  action: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  try {
    return await action();
  } finally {
    timings[what] = Math.round(performance.now() - begun);
  }
}
