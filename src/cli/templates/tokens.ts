import { type Span, templateError } from "./template-error.ts";

export interface Token extends Span {
  /** "text" is what is between actions; "end" comes once, after the last token. */
  readonly kind: "text" | "open" | "close" | "end" | ActionTokenKind;
  readonly text: string;
  /** Whether nothing is between this token and the one before it. */
  readonly isGlued: boolean;
}

type ActionTokenKind = "string" | "number" | "field" | "dot" | "variable" | "word" | "mark";

/**
 * The tokens of a Go template; comments and the blanks that "{{-" and "-}}" trim are left out.
 * https://pkg.go.dev/text/template#hdr-Text_and_spaces
 * @throws TsmachineError TEMPLATE_INVALID
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let isTrimmed = false;
  for (;;) {
    const start = source.indexOf("{{", offset);
    const textEnd = start === -1 ? source.length : start;
    const [opening = ""] = start === -1 ? [] : matchAt(opener, source, start);
    const text = trimmed(source.slice(offset, textEnd), {
      start: isTrimmed,
      end: opening.startsWith("{{-"),
    });
    tokens.push({ kind: "text", text, start: offset, end: textEnd, isGlued: true });
    if (start === -1) break;
    const [comment] = matchAt(commentPattern, source, start);
    const closing = comment ?? readAction(source, { start, end: start + opening.length }, tokens);
    offset = comment === undefined ? (tokens.at(-1)?.end ?? source.length) : start + comment.length;
    isTrimmed = closing.endsWith("-}}");
  }
  const end = source.length;
  return [...tokens, { kind: "end", text: "", start: end, end, isGlued: false }];
}

const opener = /\{\{(?:-(?=\s))?/y;
const commentPattern = /\{\{(?:-\s+)?\/\*[\s\S]*?\*\/(?:\s+-)?\}\}/y;
const closer = /(?:\s-)?\}\}/y;

const actionToken =
  /(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<number>[+-]?\d+(?:\.\d+)?)|(?<field>\.[\p{L}_][\p{L}\p{N}_]*)|(?<dot>\.)|(?<variable>\$[\p{L}\p{N}_]*)|(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<mark>:=|[|(),])/uy;

/** Adds the tokens of the action that is opened there; returns what closes it. */
function readAction(source: string, open: Span, tokens: Token[]): string {
  tokens.push({ kind: "open", text: "{{", ...open, isGlued: false });
  let offset = open.end;
  let isGlued = false;
  for (;;) {
    const [closing] = matchAt(closer, source, offset);
    if (closing !== undefined) {
      const span = { start: offset, end: offset + closing.length };
      tokens.push({ kind: "close", text: "}}", ...span, isGlued });
      return closing;
    }
    const [blank] = matchAt(/\s+/y, source, offset);
    if (blank !== undefined) {
      offset += blank.length;
      isGlued = false;
      continue;
    }
    const token = readToken(source, offset, open);
    tokens.push({ ...token, isGlued });
    offset = token.end;
    isGlued = true;
  }
}

function readToken(source: string, start: number, open: Span): Omit<Token, "isGlued"> {
  actionToken.lastIndex = start;
  const match = actionToken.exec(source);
  if (match === null) throw unreadable(source, start, open);
  const [text] = match;
  const span = { start, end: start + text.length };
  for (const kind of kinds) {
    if (match.groups?.[kind] !== undefined) return { kind, text, ...span };
  }
  throw new Error(`token ${text} is of no kind`);
}

const kinds = ["string", "number", "field", "dot", "variable", "word", "mark"] as const;

function unreadable(source: string, offset: number, open: Span) {
  const character = String.fromCodePoint(source.codePointAt(offset) ?? 0);
  if (offset >= source.length) return templateError(source, open.start, "unclosed action");
  if (character === '"') return templateError(source, offset, "unterminated quoted string");
  if (character === "`") return templateError(source, offset, "unterminated raw quoted string");
  return templateError(source, offset, `unexpected "${character}" in operand`);
}

function matchAt(pattern: RegExp, source: string, offset: number): readonly (string | undefined)[] {
  pattern.lastIndex = offset;
  return pattern.exec(source) ?? [];
}

function trimmed(text: string, { start, end }: { start: boolean; end: boolean }): string {
  const rest = start ? text.trimStart() : text;
  return end ? rest.trimEnd() : rest;
}
