import type { Node } from "web-tree-sitter";
import { aliases } from "../cmdlets/aliases.ts";
import type { Cmdlet, Cmdlets } from "../cmdlets/cmdlet.ts";
import type { Fault } from "../fault.ts";
import { faultAt } from "../syntax/nodes.ts";
import { literalOf } from "../values/literal.ts";
import { argumentFaults } from "./argument-faults.ts";
import { callsBlock } from "./block-calls.ts";
import type { Command } from "./command.ts";
import { jsonFaults } from "./json-faults.ts";

const forbidden: ReadonlyMap<string, string> = new Map([
  ["invoke-expression", "Invoke-Expression runs text as a script"],
  ["iex", "Invoke-Expression runs text as a script"],
  ["add-type", "Add-Type compiles text as a program"],
]);

/** What is wrong with the command: its name, or else its arguments. */
export function commandFaults(command: Command, cmdlets: Cmdlets): readonly Fault[] {
  if (callsBlock(command)) return [];
  const name = nameOf(command);
  if (name === undefined) return [faultAt(command.name, "a computed name may run anything")];
  const [bare = "", module] = name.split("\\").reverse();
  const why = forbidden.get(bare.toLowerCase());
  if (why !== undefined) return [faultAt(command.name, why)];
  const cmdlet = cmdlets.get(bare.toLowerCase());
  if (cmdlet === undefined) return [faultAt(command.name, unknownCommand(name))];
  return [
    ...moduleFaults(command.name, cmdlet, module),
    ...argumentFaults(command, cmdlet),
    ...(cmdlet.name === "ConvertTo-Json" ? jsonFaults(command) : []),
  ];
}

function nameOf({ name, operator }: Command): string | undefined {
  if (operator === undefined || name.type === "command_name") return name.text;
  const literal = literalOf(name);
  return literal.kind === "string" ? literal.text : undefined;
}

function unknownCommand(name: string): string {
  const aliased = aliases.get(name.toLowerCase());
  return aliased === undefined
    ? `unknown command ${name}`
    : `${name} is an alias: write ${aliased}`;
}

function moduleFaults(name: Node, cmdlet: Cmdlet, module: string | undefined): readonly Fault[] {
  if (module === undefined || cmdlet.module === undefined) return [];
  if (module.toLowerCase() === cmdlet.module.toLowerCase()) return [];
  return [faultAt(name, `${cmdlet.name} is of the module ${cmdlet.module}, not ${module}`)];
}
