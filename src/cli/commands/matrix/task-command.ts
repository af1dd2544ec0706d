import type { TaskCommand } from "../../../matrix/slurm/task-script.ts";
import type { SourceFlags } from "../../flags/image-flags.ts";
import { type DefinitionFlags, wordsOfDefinition } from "./definition-flags.ts";

export interface TaskFlags extends DefinitionFlags, SourceFlags {
  readonly driver: string;
  readonly jobs?: number;
  readonly failFast?: boolean;
}

/** How a task calls this program. */
export interface Caller {
  /** Node.js and the program's file, both absolute. */
  readonly program: readonly [string, ...string[]];
  readonly storagePath: string;
  readonly debug: boolean;
}

/** What runs the same matrix with the same flags on another host, in the same folder. */
export function taskCommand(
  words: readonly string[],
  flags: TaskFlags,
  { program, storagePath, debug }: Caller,
): TaskCommand {
  const { driver, jobs, failFast, mirror, allowExpired } = flags;
  const globals = [`--storage-path=${storagePath}`, ...(debug ? ["--debug"] : [])];
  return {
    before: [
      ...program,
      ...globals,
      ...["matrix", "run", `--driver=${driver}`, `--jobs=${jobs ?? 1}`],
      ...(failFast ? ["--fail-fast"] : []),
      ...(mirror === undefined ? [] : [`--mirror=${mirror}`]),
      ...(allowExpired ? ["--allow-expired"] : []),
    ],
    after: [...wordsOfDefinition(flags), "--", ...words],
  };
}
