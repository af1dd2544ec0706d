import type { Node } from "web-tree-sitter";
import type { Fault } from "../fault.ts";
import { faultAt } from "./nodes.ts";

const shownCharacters = 40;

/** Where the text is not of the grammar, which is a little narrower than PowerShell's own. */
export function grammarFaults(node: Node): readonly Fault[] {
  if (!node.hasError) return [];
  if (node.isMissing) return [faultAt(node, messageForMissing(node))];
  if (node.isError) return [faultAt(node, `syntax error at "${firstLineOf(node)}"`)];
  return node.children.flatMap(grammarFaults);
}

function messageForMissing(node: Node): string {
  // PowerShell takes lists of words, the grammar does not; quotes are right for both.
  if (node.type === " ") return "a space is missing; a list of words needs quotes";
  return `syntax error: "${node.type}" is missing`;
}

function firstLineOf(node: Node): string {
  const [line = ""] = node.text.trim().split("\n");
  return line.slice(0, shownCharacters);
}
