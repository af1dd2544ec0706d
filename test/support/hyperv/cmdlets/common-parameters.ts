import type { Parameter } from "./cmdlet.ts";

// https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_commonparameters?view=powershell-5.1
const actions = ["SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore", "Suspend"];

const described: readonly Pick<Parameter, "name" | "type" | "values">[] = [
  ...["ErrorAction", "WarningAction", "InformationAction"].map((name) => ({
    ...{ name, type: "ActionPreference", values: actions },
  })),
  ...["ErrorVariable", "WarningVariable", "InformationVariable", "OutVariable"].map((name) => ({
    ...{ name, type: "String", values: undefined },
  })),
  { name: "PipelineVariable", type: "String", values: undefined },
  { name: "OutBuffer", type: "Int32", values: undefined },
  { name: "Verbose", type: "SwitchParameter", values: undefined },
  { name: "Debug", type: "SwitchParameter", values: undefined },
];

/** What every cmdlet takes in every set, by name in lower case. Their aliases are left out on purpose. */
export const commonParameters: ReadonlyMap<string, Parameter> = new Map(
  described.map((parameter) => [
    parameter.name.toLowerCase(),
    { ...parameter, aliases: [], input: [] },
  ]),
);
