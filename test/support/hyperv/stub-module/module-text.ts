import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cmdlet } from "../cmdlets/cmdlet.ts";
import { stubFunction } from "./stub-function.ts";

/** Names a file of JSON that holds the simulated Hyper-V. */
export const worldVariable = "TSMACHINE_SIMULATED_HYPERV";

/** The module's text, Hyper-V.psm1: the simulator, then a function in front of it for each cmdlet. */
export async function moduleText(cmdlets: readonly Cmdlet[]): Promise<string> {
  const simulator = await readFile(join(import.meta.dirname, "simulator.ps1"), "utf8");
  return [simulator, ...cmdlets.map(stubFunction)].join("\n");
}

/** Its manifest, Hyper-V.psd1, by which PowerShell knows what to load for which command. */
export function manifestText(cmdlets: readonly Cmdlet[]): string {
  return [
    "@{",
    "  ModuleVersion = '2.0.0.0'",
    "  RootModule = 'Hyper-V.psm1'",
    `  FunctionsToExport = @(${cmdlets.map(({ name }) => `'${name}'`).join(", ")})`,
    "  CmdletsToExport = @()",
    "  VariablesToExport = @()",
    "  AliasesToExport = @()",
    "}",
    "",
  ].join("\n");
}
