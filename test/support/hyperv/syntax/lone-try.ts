import type { Node } from "web-tree-sitter";
import type { Fault } from "../fault.ts";
import { childOf, faultAt, nodesOf } from "./nodes.ts";

/** The grammar takes a `try` by itself, PowerShell does not. */
export function loneTry(root: Node): readonly Fault[] {
  return nodesOf(root, "try_statement")
    .filter((node) => !childOf(node, "catch_clauses") && !childOf(node, "finally_clause"))
    .map((node) => faultAt(node, "try needs a catch or a finally"));
}
