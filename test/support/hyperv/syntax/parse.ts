import { fileURLToPath } from "node:url";
import { Language, type Node, Parser } from "web-tree-sitter";

/** Parses the script and hands its root on; the tree is gone afterwards. Wrong scripts have a root too. */
export async function withParsed<T>(text: string, use: (root: Node) => T): Promise<T> {
  await Parser.init();
  const parser = new Parser();
  try {
    const grammar = import.meta.resolve("tree-sitter-powershell/tree-sitter-powershell.wasm");
    parser.setLanguage(await Language.load(fileURLToPath(grammar)));
    const tree = parser.parse(text);
    if (tree === null) throw new Error("the parser was stopped");
    try {
      return use(tree.rootNode);
    } finally {
      tree.delete();
    }
  } finally {
    parser.delete();
  }
}
