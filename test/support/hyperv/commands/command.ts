import type { Node } from "web-tree-sitter";
import { childOf, coreOf, nodesOf, variableOf } from "../syntax/nodes.ts";

/** A command as it is written. */
export interface Command {
  readonly node: Node;
  readonly name: Node;
  /** How it is called when not by its bare name. */
  readonly operator: "&" | "." | undefined;
  readonly arguments: readonly Argument[];
  readonly takesInput: boolean;
}

export type Argument =
  | {
      readonly kind: "parameter";
      readonly node: Node;
      readonly name: string;
      /** The value behind a colon. */
      readonly attached: Node | undefined;
    }
  | { readonly kind: "value"; readonly node: Node }
  | { readonly kind: "splat"; readonly node: Node }
  | { readonly kind: "unclear"; readonly node: Node; readonly message: string };

/** All commands in it: also those in blocks, strings and other commands' arguments. */
export function commandsOf(root: Node): readonly Command[] {
  return nodesOf(root, "command").flatMap((node) => {
    const name = node.childForFieldName("command_name");
    // `$bytes = 2GB` is no command, though the grammar has one there.
    if (name === null || /^[\d.]+[kmgtp]b$/i.test(name.text)) return [];
    const operator = childOf(node, "command_invokation_operator")?.text;
    return {
      ...{
        node,
        name: coreOf(name),
        operator: operator === "&" || operator === "." ? operator : undefined,
      },
      arguments: argumentsOf(childOf(node, "command_elements")),
      takesInput: node.previousSibling?.type === "|",
    };
  });
}

function argumentsOf(elements: Node | undefined): readonly Argument[] {
  const read: Argument[] = [];
  let separator = "";
  for (const node of elements?.children ?? []) {
    if (node.type === "command_argument_sep") {
      separator = node.text === ":" ? ":" : separator || " ";
      continue;
    }
    const last = read.at(-1);
    if (node.isExtra || node.type === "redirection" || isOfCall(node, last)) continue;
    if (separator === ":" && last?.kind === "parameter" && node.type !== "command_parameter") {
      read[read.length - 1] = { ...last, attached: node };
    } else {
      read.push(argumentOf(node, separator));
    }
    separator = "";
  }
  return read;
}

/** Whether these are the parentheses of `$value.Method(…)`, which the grammar has for an argument. */
function isOfCall(node: Node, last: Argument | undefined): boolean {
  if (node.type !== "argument_list") return false;
  const called = last?.kind === "parameter" ? last.attached : last?.node;
  return called !== undefined && coreOf(called).type === "member_access";
}

function argumentOf(node: Node, separator: string): Argument {
  if (node.type === "command_parameter") {
    if (separator === "") return { kind: "unclear", node, message: unseparated };
    return { kind: "parameter", node, name: node.text.slice(1), attached: undefined };
  }
  if (node.type === "stop_parsing") {
    return { kind: "unclear", node, message: "what follows --% is not parsed" };
  }
  const isSplat = node.text.startsWith("@") && variableOf(node) !== undefined;
  return { kind: isSplat ? "splat" : "value", node };
}

const unseparated =
  "this may be a parameter or a part of what is before it: write a space, or quotes";
