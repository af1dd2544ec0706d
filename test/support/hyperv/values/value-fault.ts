import { isSwitch, type Parameter } from "../cmdlets/cmdlet.ts";
import { integerRange } from "./integer-range.ts";
import type { Literal } from "./literal.ts";

/** Why the parameter cannot take the value; undefined when it can, or when that is not known. */
export function valueFault(parameter: Parameter, value: Literal): string | undefined {
  if (value.kind !== "list") return singleFault(parameter, value);
  if (isSwitch(parameter)) return "is a switch and takes no list";
  if (!takesLists(parameter)) return "takes one value and not a list";
  return value.items
    .map((item) => singleFault(parameter, item))
    .find((fault) => fault !== undefined);
}

function takesLists({ type }: Parameter): boolean {
  return type.endsWith("[]") || /^(Object|PSObject|CimInstance)$/.test(type);
}

function singleFault(parameter: Parameter, value: Literal): string | undefined {
  if (value.kind === "unknown" || value.kind === "list") return undefined;
  const type = parameter.type.replace(/\[\]$/, "");
  const range = integerRange(type);
  if (range !== undefined) return numberFault(parameter, value, type, range);
  if (type === "SwitchParameter" || type === "Boolean") return truthFault(value);
  if (type === "ScriptBlock")
    return value.kind === "block" ? undefined : `takes a script block and not ${shown(value)}`;
  if (type === "Guid") return guidFault(value);
  if (isHyperVObject(type) && parameter.values === undefined)
    return `takes a ${type} and not ${shown(value)}`;
  return enumerationFault(parameter, value);
}

type Single = Exclude<Literal, { kind: "unknown" | "list" }>;

function numberFault(
  parameter: Parameter,
  value: Single,
  type: string,
  [least, most]: readonly [bigint, bigint],
): string | undefined {
  if (value.kind !== "number" || !/^-?(\d+|0x[\da-f]+)$/i.test(value.text)) {
    return `takes a whole number (${type}) and not ${shown(value)}`;
  }
  const number = value.text.startsWith("-") ? -BigInt(value.text.slice(1)) : BigInt(value.text);
  if (number < least || number > most) {
    return `takes ${least} to ${most} (${type}) and not ${value.text}`;
  }
  return enumerationFault(parameter, { kind: "number", text: String(number) });
}

function truthFault(value: Single): string | undefined {
  return value.kind === "boolean" ? undefined : `takes $true or $false and not ${shown(value)}`;
}

const guid = /^\{?[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\}?$/i;

function guidFault(value: Single): string | undefined {
  const isGuid = value.kind === "string" && guid.test(value.text);
  return isGuid ? undefined : `takes a GUID and not ${shown(value)}`;
}

/** Which PowerShell makes of no text, number or table; its enumerations have known values. */
function isHyperVObject(type: string): boolean {
  return /^(VM[A-Z]\w*|VirtualMachine\w*|HardDiskDrive|DvdDrive)$/.test(type);
}

function enumerationFault({ values }: Parameter, value: Single): string | undefined {
  if (values === undefined) return undefined;
  const isOne =
    "text" in value && values.some((one) => one.toLowerCase() === value.text.toLowerCase());
  return isOne ? undefined : `takes ${values.join(", ")} and not ${shown(value)}`;
}

function shown(value: Single): string {
  switch (value.kind) {
    case "string":
      return `the string "${value.text}"`;
    case "number":
    case "boolean":
      return value.text;
    case "block":
      return "a script block";
    case "table":
      return "a hashtable";
  }
}
