import type * as Yaml from "yaml";
import type { CST, Document, LineCounter, ParsedNode } from "yaml";

/** What yaml's composer, which recurses, is given at most; V8 aborts when it is near the stack's end. */
const maxNesting = 100;

/** A document's nodes, or the offset at which what is nested goes too deep. */
export type Composed =
  | { readonly kind: "document"; readonly documents: readonly Document.Parsed<ParsedNode>[] }
  | { readonly kind: "too-deep"; readonly offset: number };

/**
 * The documents of a text, all scalars as text: versions such as 6.10 are no numbers, and there is no
 * need for quotes. There is at least one document; what is wrong is in its errors and warnings.
 */
export function composeYaml(yaml: typeof Yaml, text: string, lines: LineCounter): Composed {
  const parser = new yaml.Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  for (const lexeme of new yaml.Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > maxNesting) return { kind: "too-deep", offset: parser.offset };
  }
  tokens.push(...parser.end());
  const composer = new yaml.Composer({ schema: "failsafe", logLevel: "silent" });
  return { kind: "document", documents: [...composer.compose(tokens, true, text.length)] };
}
