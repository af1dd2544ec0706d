import type { Cursor } from "./cursor.ts";
import { functionNames } from "./functions.ts";
import type { Command, Operand, Pipeline } from "./nodes.ts";
import { templateError } from "./template-error.ts";
import type { Token } from "./tokens.ts";

/**
 * `$variable := command | command`, up to what ends the action or closes the parenthesis.
 * @param known the variables there are
 * @throws TsmachineError TEMPLATE_INVALID
 */
export function parsePipeline(cursor: Cursor, known: readonly string[]): Pipeline {
  const { start } = cursor.peek();
  const variables = parseDeclarations(cursor);
  const commands = [parseCommand(cursor, known)];
  while (cursor.take("mark", "|")) {
    const command = parseCommand(cursor, known);
    if (command.kind === "operand") {
      const { start: at } = command.operand;
      throw templateError(
        cursor.source,
        at,
        `non executable command in pipeline stage ${commands.length + 1}`,
      );
    }
    commands.push(command);
  }
  return { variables, commands, start, end: cursor.end() };
}

/** Looks ahead by as much as `$index, $element :=`. */
function parseDeclarations(cursor: Cursor): string[] {
  const ahead = cursor.lookAhead(4);
  const [first, second, third, fourth] = ahead;
  const isDeclared = (token: Token | undefined) => token?.text === ":=";
  if (first?.kind !== "variable") return [];
  const count = isDeclared(second) ? 1 : third?.kind === "variable" && isDeclared(fourth) ? 2 : 0;
  const names = [first, third].slice(0, count);
  for (let step = 0; step < count * 2; step += 1) cursor.next();
  return names.flatMap((token) => (token === undefined ? [] : [token.text]));
}

function parseCommand(cursor: Cursor, known: readonly string[]): Command {
  const { start } = cursor.peek();
  const first = parseOperand(cursor, known);
  if (first === undefined) throw cursor.fail("missing value for command");
  const operands: Operand[] = [];
  for (;;) {
    const operand = parseOperand(cursor, known);
    if (operand === undefined) break;
    operands.push(operand);
  }
  if (first.kind === "call") {
    return { kind: "call", name: first.name, operands, start, end: cursor.end() };
  }
  if (operands.length === 0) return { kind: "operand", operand: first };
  const text = cursor.source.slice(first.start, first.end);
  throw templateError(cursor.source, start, `can't give argument to non-function ${text}`);
}

/** With the fields that follow it without a blank; undefined where no operand begins. */
function parseOperand(cursor: Cursor, known: readonly string[]): Operand | undefined {
  let operand = parseTerm(cursor, known);
  if (operand === undefined) return undefined;
  for (;;) {
    const { kind, isGlued } = cursor.peek();
    if (kind !== "field" || !isGlued) return operand;
    const { start, end, text } = cursor.next();
    operand = { kind: "field", of: operand, name: text.slice(1), start, end };
  }
}

function parseTerm(cursor: Cursor, known: readonly string[]): Operand | undefined {
  const token = cursor.peek();
  const { start, end, text } = token;
  const span = { start, end };
  switch (token.kind) {
    case "dot":
      cursor.next();
      return { kind: "dot", ...span };
    case "field":
      cursor.next();
      return { kind: "field", of: { kind: "dot", ...span }, name: text.slice(1), ...span };
    case "number":
      cursor.next();
      return { kind: "literal", value: Number(text), ...span };
    case "string":
      cursor.next();
      return { kind: "literal", value: unquote(text, cursor.source, start), ...span };
    case "variable":
      if (!known.includes(text)) throw cursor.fail(`undefined variable "${text}"`);
      cursor.next();
      return { kind: "variable", name: text, ...span };
    case "word":
      return parseWord(cursor);
    case "mark":
      return text === "(" ? parseParenthesis(cursor, known) : undefined;
    default:
      return undefined;
  }
}

function parseWord(cursor: Cursor): Operand {
  const { start, end, text } = cursor.peek();
  const constant = constants.get(text);
  if (constant !== undefined) {
    cursor.next();
    return { kind: "literal", value: constant.value, start, end };
  }
  if (!functionNames.has(text)) throw cursor.fail(`function "${text}" not defined`);
  cursor.next();
  return { kind: "call", name: text, start, end };
}

const constants = new Map([
  ["true", { value: true }],
  ["false", { value: false }],
  ["nil", { value: null }],
]);

function parseParenthesis(cursor: Cursor, known: readonly string[]): Operand {
  const { start } = cursor.next();
  const pipeline = parsePipeline(cursor, known);
  if (!cursor.take("mark", ")")) throw templateError(cursor.source, start, "unclosed left paren");
  return { kind: "pipeline", pipeline, start, end: cursor.end() };
}

/** The text of a Go string literal; the escapes are those that JSON has too. */
function unquote(literal: string, source: string, start: number): string {
  if (literal.startsWith("`")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal.replaceAll("\t", "\\t")));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw templateError(source, start, `bad string literal ${literal}`);
  }
}
