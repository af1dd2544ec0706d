// Functions that bind parameters as cmdlets do:
// https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_functions_advanced_parameters
import type { Cmdlet, Member, Parameter } from "../cmdlets/cmdlet.ts";

/** Its members need no set's name. */
const everySet = "__AllParameterSets";

/** Declared by SupportsShouldProcess, with their aliases. */
const ofShouldProcess = ["Confirm", "WhatIf"];

/** A function that takes what the cmdlet takes, and hands it to the simulator's function for it. */
export function stubFunction(cmdlet: Cmdlet): string {
  const parameters = [...cmdlet.parameters.values()];
  const own = parameters.filter(({ name }) => !ofShouldProcess.includes(name));
  const asks = own.length < parameters.length;
  const binding = [
    ...(cmdlet.defaultSet === everySet
      ? []
      : [`DefaultParameterSetName = ${quoted(cmdlet.defaultSet)}`]),
    ...(asks ? ["SupportsShouldProcess = $true"] : []),
  ];
  return [
    `function ${cmdlet.name} {`,
    `  [CmdletBinding(${binding.join(", ")})]`,
    "  param(",
    own.map((parameter) => declarationOf(parameter, cmdlet)).join(",\n"),
    "  )",
    `  process { Simulate-${cmdlet.name} $PSBoundParameters }`,
    "}",
    "",
  ].join("\n");
}

function declarationOf(parameter: Parameter, { sets }: Cmdlet): string {
  const { name, aliases, values } = parameter;
  const attributes = sets.flatMap((set) => {
    const member = set.members.get(name.toLowerCase());
    return member === undefined ? [] : memberAttribute(set.name, member, parameter);
  });
  return [
    ...attributes,
    ...(aliases.length === 0 ? [] : [`[Alias(${aliases.map(quoted).join(", ")})]`]),
    ...(values === undefined ? [] : [`[ValidateSet(${values.map(quoted).join(", ")})]`]),
    `[${typeOf(parameter)}] $${name}`,
  ]
    .map((line) => `    ${line}`)
    .join("\n");
}

function memberAttribute(
  set: string,
  { isMandatory, position }: Member,
  { input }: Parameter,
): string {
  const parts = [
    ...(set === everySet ? [] : [`ParameterSetName = ${quoted(set)}`]),
    ...(isMandatory ? ["Mandatory = $true"] : []),
    ...(position === undefined ? [] : [`Position = ${position}`]),
    ...(input.includes("ByValue") ? ["ValueFromPipeline = $true"] : []),
    ...(input.includes("ByPropertyName") ? ["ValueFromPipelineByPropertyName = $true"] : []),
  ];
  return `[Parameter(${parts.join(", ")})]`;
}

/** Of the base class library, which PowerShell has on every system. */
const everywhere =
  /^(Boolean|Byte|U?Int(16|32|64)|String|Guid|Version|Uri|Collections\.IDictionary)$/;

/** Enumerations are text with a set of values, objects of Windows are any objects. */
function typeOf({ type, values }: Parameter): string {
  if (type === "SwitchParameter") return "switch";
  const [, single = "", list = ""] = /^(.*?)(\[\])?$/.exec(type) ?? [];
  if (everywhere.test(single)) return `System.${single}${list}`;
  return values === undefined ? `object${list}` : `string${list}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
