import type { Cmdlet, Parameter } from "./cmdlet.ts";

/** The publication at hand lacks this one: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/set-strictmode?view=powershell-5.1 */
export const strictModeCmdlet: Cmdlet = {
  name: "Set-StrictMode",
  module: "Microsoft.PowerShell.Core",
  parameters: new Map([
    ["version", parameter("Version", "Version", ["1.0", "2.0", "3.0", "Latest"])],
    ["off", parameter("Off", "SwitchParameter", undefined)],
  ]),
  sets: ["Version", "Off"].map((name) => ({
    name,
    members: new Map([[name.toLowerCase(), { isMandatory: true, position: undefined }]]),
  })),
  defaultSet: "Version",
  hasCommonParameters: true,
};

function parameter(name: string, type: string, values: Parameter["values"]): Parameter {
  return { name, type, values, aliases: [], input: [] };
}
