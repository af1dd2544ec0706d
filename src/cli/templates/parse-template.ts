import { type Cursor, openCursor } from "./cursor.ts";
import type { BlockWord, Node, Template } from "./nodes.ts";
import { parsePipeline } from "./parse-pipeline.ts";

/**
 * Parses a template in the syntax of Go's text/template: fields, pipelines, functions, variables, `if`,
 * `range` and `with`. There are no definitions of templates within templates, and no assignments.
 * https://pkg.go.dev/text/template
 * @throws TsmachineError TEMPLATE_INVALID with line and column
 */
export function parseTemplate(source: string): Template {
  const cursor = openCursor(source);
  const { nodes, endedBy } = parseNodes(cursor, ["$"]);
  if (endedBy !== "end of text") throw cursor.fail(`unexpected {{${endedBy}}}`);
  return { source, nodes };
}

interface Nodes {
  readonly nodes: readonly Node[];
  /** The cursor is after the word of `{{else}}` or `{{end}}`. */
  readonly endedBy: "else" | "end" | "end of text";
}

/** @param variables those that are known here */
function parseNodes(cursor: Cursor, variables: readonly string[]): Nodes {
  const nodes: Node[] = [];
  const known = [...variables];
  for (;;) {
    const token = cursor.next();
    if (token.kind === "end") return { nodes, endedBy: "end of text" };
    if (token.kind === "text") {
      nodes.push({ kind: "text", text: token.text });
      continue;
    }
    if (cursor.take("word", "end")) return { nodes, endedBy: "end" };
    if (cursor.take("word", "else")) return { nodes, endedBy: "else" };
    const word = blockWords.find((name) => cursor.take("word", name));
    if (word !== undefined) {
      nodes.push(parseBlock(cursor, word, known));
      continue;
    }
    const pipeline = parsePipeline(cursor, known);
    close(cursor);
    known.push(...pipeline.variables);
    nodes.push({ kind: "output", pipeline });
  }
}

const blockWords = ["if", "range", "with"] as const;

function parseBlock(cursor: Cursor, kind: BlockWord, variables: readonly string[]): Node {
  const pipeline = parsePipeline(cursor, variables);
  close(cursor);
  const inner = [...variables, ...pipeline.variables];
  const body = parseNodes(cursor, inner);
  const otherwise = body.endedBy === "else" ? parseElse(cursor, kind, inner) : [];
  if (body.endedBy === "end of text") throw cursor.fail("unexpected EOF");
  if (body.endedBy === "end") close(cursor);
  return { kind, pipeline, body: body.nodes, otherwise };
}

/** What is between `{{else}}` and the block's `{{end}}`, both included. */
function parseElse(cursor: Cursor, kind: BlockWord, variables: readonly string[]): readonly Node[] {
  if (kind !== "range" && cursor.take("word", kind)) return [parseBlock(cursor, kind, variables)];
  close(cursor);
  const { nodes, endedBy } = parseNodes(cursor, variables);
  if (endedBy === "else") throw cursor.fail("expected end; found {{else}}");
  if (endedBy === "end of text") throw cursor.fail("unexpected EOF");
  close(cursor);
  return nodes;
}

function close(cursor: Cursor): void {
  const { text } = cursor.peek();
  if (!cursor.take("close")) throw cursor.fail(`unexpected "${text}" in command`);
}
