import type { Node } from "web-tree-sitter";
import type { Fault } from "../fault.ts";
import { faultAt, nodesOf } from "./nodes.ts";

const members = new Set(["invokescript", "newscriptblock", "expandstring", "addscript"]);

/** Methods of .NET that do what Invoke-Expression does. */
export function textAsScript(root: Node): readonly Fault[] {
  return nodesOf(root, "member_name")
    .filter((node) => members.has(node.text.toLowerCase()) || isCreation(node))
    .map((node) => faultAt(node, `${node.text} runs text as a script`));
}

/** `[scriptblock]::Create(…)` */
function isCreation({ text, parent }: Node): boolean {
  const type = parent?.firstChild?.text.toLowerCase().split(".").at(-1)?.replace(/^\[/, "");
  return text.toLowerCase() === "create" && type === "scriptblock]";
}
