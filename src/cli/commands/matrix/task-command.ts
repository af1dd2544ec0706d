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
  /** Of the definition's file as it was read here; tasks read it when they begin, and refuse another. */
  readonly definitionSha256: string | undefined;
}

/** What runs the same matrix with the same flags on another host, in the same folder. */
export function taskCommand(
  words: readonly string[],
  flags: TaskFlags,
  { program, storagePath, debug, definitionSha256 }: Caller,
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
      ...(definitionSha256 === undefined ? [] : [`--definition-sha256=${definitionSha256}`]),
    ],
    after: [...wordsOfDefinition(flags), "--", ...words],
  };
}
