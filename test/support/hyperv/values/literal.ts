import type { Node } from "web-tree-sitter";
import { coreOf, nodesOf } from "../syntax/nodes.ts";

/** What a value is known to be before the script runs. */
export type Literal =
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "boolean"; readonly text: string }
  | { readonly kind: "block" }
  | { readonly kind: "table" }
  | { readonly kind: "list"; readonly items: readonly Literal[] }
  | { readonly kind: "unknown" };

const unknown: Literal = { kind: "unknown" };

/** Reads the value, in front of which there may be levels of the grammar. */
export function literalOf(node: Node): Literal {
  const core = coreOf(node);
  switch (core.type) {
    case "verbatim_string_characters":
      return { kind: "string", text: core.text.slice(1, -1).replaceAll("''", "'") };
    case "expandable_string_literal":
      return isExpanded(core) ? unknown : { kind: "string", text: core.text.slice(1, -1) };
    case "generic_token":
      return wordOf(core.text);
    case "decimal_integer_literal":
    case "hexadecimal_integer_literal":
    case "real_literal":
      return numberOf(core.text);
    case "expression_with_unary_operator":
      return signedOf(core);
    case "variable":
      return /^\$(true|false)$/i.test(core.text) ? { kind: "boolean", text: core.text } : unknown;
    case "script_block_expression":
      return { kind: "block" };
    case "hash_literal_expression":
      return { kind: "table" };
    case "array_literal_expression":
      return listOf(core);
    case "array_expression":
      return elementsOf(core);
    default:
      return unknown;
  }
}

function isExpanded(string: Node): boolean {
  return nodesOf(string, "variable", "sub_expression").length > 0 || string.text.includes("`");
}

/** Without quotes, a word may hold variables, and a number with a multiplier is a number. */
function wordOf(text: string): Literal {
  if (/^\d+L$/.test(text)) return numberOf(text);
  return /\$|^[\d.]+[kmgtp]b$/i.test(text) ? unknown : { kind: "string", text };
}

/** Numbers with a multiplier are refused elsewhere, whatever they are given to. */
function numberOf(text: string): Literal {
  const plain = text.replace(/(?<=\d)l$/i, "");
  return Number.isNaN(Number(plain)) ? unknown : { kind: "number", text: plain };
}

function signedOf(node: Node): Literal {
  const [operator, operand] = node.children;
  const value = operand === undefined ? unknown : literalOf(operand);
  if (operator?.text === ",") return { kind: "list", items: [value] };
  if (operator?.text !== "-" || value.kind !== "number") return unknown;
  return { kind: "number", text: `-${value.text}` };
}

function listOf(node: Node): Literal {
  const items = node.children.filter(({ type }) => type !== ",");
  return { kind: "list", items: items.map(literalOf) };
}

/** Of `@(…)`, what is written in it. Commands in it may yield any number of things. */
function elementsOf(node: Node): Literal {
  const [statements, other] = node.namedChildren;
  if (statements === undefined || other !== undefined) return { kind: "list", items: [] };
  const inner = literalOf(statements);
  return inner.kind === "list" ? inner : { kind: "list", items: [inner] };
}
