import type { Node } from "web-tree-sitter";
import { childOf, coreOf, nodesOf, variableOf } from "../syntax/nodes.ts";
import type { Command } from "./command.ts";

/** Whether it calls a block that stands in the script: `& { … }`, or by a variable that holds only such. */
export function callsBlock({ name, operator, node }: Command): boolean {
  if (operator === undefined) return false;
  if (name.type === "script_block_expression") return true;
  const variable = variableOf(name);
  if (variable === undefined) return false;
  const root = node.tree.rootNode;
  const assigned = nodesOf(root, "assignment_expression").filter(
    ({ firstChild }) => firstChild !== null && variableOf(firstChild) === variable,
  );
  const declared = nodesOf(root, "script_parameter").filter(
    (parameter) => childOf(parameter, "variable")?.text.slice(1).toLowerCase() === variable,
  );
  return (
    assigned.length + declared.length > 0 && assigned.every(isOfBlock) && declared.every(isForBlock)
  );
}

function isOfBlock(assignment: Node): boolean {
  const value = assignment.childForFieldName("value");
  return value !== null && coreOf(value).type === "script_block_expression";
}

/** PowerShell makes no block of a string for it. */
function isForBlock(parameter: Node): boolean {
  return /\[scriptblock\]/i.test(childOf(parameter, "attribute_list")?.text ?? "");
}
