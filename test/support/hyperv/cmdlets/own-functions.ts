import type { Node } from "web-tree-sitter";
import { childOf, coreOf, nodesOf, variableOf } from "../syntax/nodes.ts";
import type { Cmdlet, Cmdlets, Member, Parameter } from "./cmdlet.ts";

/** The functions that the script defines, with the parameters that they declare. */
export function ownFunctions(root: Node): Cmdlets {
  const functions = nodesOf(root, "function_statement").map(functionOf);
  return new Map(functions.map((one) => [one.name.toLowerCase(), one]));
}

interface Declared {
  readonly parameter: Parameter;
  readonly member: Member;
}

function functionOf(node: Node): Cmdlet {
  const declared = declarationsOf(node).map(declaredOf);
  const only = "the only one";
  return {
    name: childOf(node, "function_name")?.text ?? "",
    module: undefined,
    parameters: new Map(declared.map(({ parameter }) => [parameter.name.toLowerCase(), parameter])),
    sets: [
      {
        name: only,
        members: new Map(
          declared.map(({ parameter, member }) => [parameter.name.toLowerCase(), member]),
        ),
      },
    ],
    defaultSet: only,
    hasCommonParameters: /\[\s*(CmdletBinding|Parameter)\b/i.test(node.text),
  };
}

function declarationsOf(node: Node): readonly Node[] {
  const block = childOf(node, "script_block");
  const list =
    childOf(node, "function_parameter_declaration") ??
    childOf(node, "param_block") ??
    (block && childOf(block, "param_block"));
  const parameters = list && childOf(list, "parameter_list");
  return parameters === undefined
    ? []
    : parameters.children.filter(({ type }) => type === "script_parameter");
}

function declaredOf(node: Node, index: number): Declared {
  const attributes = childOf(node, "attribute_list");
  const literals = attributes?.children.map(coreOf).filter(({ type }) => type === "type_literal");
  const [type = "Object"] = (literals ?? []).map(({ text }) => netTypeOf(text));
  const variable = childOf(node, "variable");
  return {
    parameter: {
      name: variable?.text.slice(1) ?? "",
      ...{ type, values: undefined, aliases: [] },
      input: hasArgument(attributes, "valuefrompipeline") ? ["ByValue"] : [],
    },
    member: {
      isMandatory: hasArgument(attributes, "mandatory"),
      position: type === "SwitchParameter" ? undefined : index,
    },
  };
}

/** `[Parameter(Mandatory)]` and `[Parameter(Mandatory = $true)]`, not `… = $false`. */
function hasArgument(attributes: Node | undefined, prefix: string): boolean {
  if (attributes === undefined) return false;
  return nodesOf(attributes, "attribute_argument").some((argument) => {
    const [name, , value] = argument.children;
    if (name?.text.toLowerCase().startsWith(prefix) !== true) return false;
    return value === undefined || variableOf(value) === "true";
  });
}

const netTypes: Readonly<Record<string, string>> = {
  switch: "SwitchParameter",
  bool: "Boolean",
  byte: "Byte",
  int: "Int32",
  int32: "Int32",
  uint32: "UInt32",
  long: "Int64",
  int64: "Int64",
  uint64: "UInt64",
  string: "String",
  scriptblock: "ScriptBlock",
  guid: "Guid",
};

/** Of PowerShell's own names for types, those that are checked; anything may be given to others. */
function netTypeOf(literal: string): string {
  const [, name = "", array = ""] = /^\[([^[\]]*)(\[\])?\]$/.exec(literal) ?? [];
  return `${netTypes[name.toLowerCase()] ?? "Object"}${array}`;
}
