import * as z from "zod";
import { parseJson } from "../../bytes/parse-json.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { runWindowsPowerShell } from "./windows-powershell.ts";

export interface AncestorsOptions {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Enough to pass a shim and a script runner or two on the way to the shell. */
const maxAncestors = 6;

const namesSchema = z.array(z.string());

/**
 * File names of the programs that started this process, its parent first, such as "cmd.exe". Only
 * Windows is asked, where nothing else tells which shell a command was typed into; everywhere else,
 * and where PowerShell does not answer in time, there are none.
 */
export async function ancestorNames({
  platform,
  environment,
  signal,
}: AncestorsOptions): Promise<readonly string[]> {
  if (platform !== "win32") return [];
  try {
    const { stdout } = await runWindowsPowerShell(queryFrom(process.ppid), {
      ...{ environment, signal, timeoutMs: 5_000 },
    });
    return namesSchema.safeParse(parseJson(stdout)).data ?? [];
  } catch (error) {
    // A guess goes without: users can name their shell.
    if (!(error instanceof TsmachineError)) throw error;
    return [];
  }
}

/** Asks for one process at a time: the list of all takes seconds. */
function queryFrom(pid: number): string {
  return [
    `$id = ${pid}; $names = @()`,
    `while ($names.Count -lt ${maxAncestors}) {`,
    '  $process = Get-CimInstance Win32_Process -Filter "ProcessId = $id" -Property Name, ParentProcessId',
    "  if (-not $process) { break }",
    "  $names += $process.Name; $id = $process.ParentProcessId",
    "}",
    "ConvertTo-Json -Compress -InputObject $names",
  ].join("\n");
}
