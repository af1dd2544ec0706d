import type { Node } from "web-tree-sitter";
import type { Fault } from "../fault.ts";
import { faultAt, nodesOf } from "../syntax/nodes.ts";

const numbers = ["decimal_integer_literal", "hexadecimal_integer_literal", "real_literal"];

/** Sizes such as 2GB, which the grammar has for words or commands unless they are in small letters. */
export function multipliers(root: Node): readonly Fault[] {
  return nodesOf(root, ...numbers, "generic_token", "command_name")
    .filter(({ text }) => /^(\d[\d.]*|0x[\da-f]+)l?[kmgtp]b$/i.test(text))
    .map((node) => faultAt(node, `${node.text} is a size with a unit: write the number of bytes`));
}
