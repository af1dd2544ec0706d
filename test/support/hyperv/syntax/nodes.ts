import type { Node } from "web-tree-sitter";
import type { Fault } from "../fault.ts";

export function faultAt(node: Node, message: string): Fault {
  const { row, column } = node.startPosition;
  return { line: row + 1, column: column + 1, message };
}

/** All nodes of the types in it, itself included, nested ones too, in the order of the text. */
export function nodesOf(node: Node, ...types: readonly string[]): readonly Node[] {
  return node.descendantsOfType([...types]);
}

/** The only child of that type. */
export function childOf(node: Node, type: string): Node | undefined {
  return node.children.find((child) => child.type === type);
}

const whole = new Set(["variable", "command", "expandable_string_literal"]);

/** What is inside of the levels that the grammar has for operators where there is no operator. */
export function coreOf(node: Node): Node {
  const [child, other] = node.children;
  if (child === undefined || other !== undefined || whole.has(node.type)) return node;
  return coreOf(child);
}

/** "$name" and "@name" in lower case without their sign; undefined for all else. */
export function variableOf(node: Node): string | undefined {
  const core = coreOf(node);
  return core.type === "variable" ? core.text.slice(1).toLowerCase() : undefined;
}
