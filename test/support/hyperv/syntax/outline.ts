import type { Fault } from "../fault.ts";

export interface Outline {
  /** The text with blanks for comments and what is in strings, all else at its place. */
  readonly code: string;
  /** The first bracket or string without its other end. The grammar tells only that something is wrong. */
  readonly unbalanced: Fault | undefined;
}

interface Opening {
  readonly token: string;
  readonly offset: number;
}

interface Step {
  readonly length: number;
  readonly isText?: boolean;
  readonly opens?: string;
  readonly closes?: string;
}

const closings: Readonly<Record<string, string>> = { "(": ")", "{": "}", "[": "]" };
const openings: Readonly<Record<string, string>> = { ")": "(", "}": "{", "]": "[" };

/** Reads the script as far as its strings, comments and brackets. */
export function outlineOf(text: string): Outline {
  const open: Opening[] = [];
  let code = "";
  let offset = 0;
  while (offset < text.length) {
    const token = open.at(-1)?.token;
    const step = token?.endsWith('"')
      ? stepInString(text, offset, token)
      : stepInCode(text, offset);
    const { closes } = step;
    if (closes !== undefined && token !== closes) {
      return {
        code,
        unbalanced: faultOf(text, open.at(-1) ?? { token: closes, offset }, open.length),
      };
    }
    if (closes !== undefined) open.pop();
    if (step.opens !== undefined) open.push({ token: step.opens, offset });
    const passed = text.slice(offset, offset + step.length);
    code += step.isText === true ? passed.replaceAll(/[^\r\n]/g, " ") : passed;
    offset += step.length;
  }
  const last = open.at(-1);
  return { code, unbalanced: last && faultOf(text, last, open.length) };
}

/** Where strings are expanded: `"…"` and `@"…"@`, with code in `$(…)`. */
function stepInString(text: string, offset: number, token: string): Step {
  const rest = text.slice(offset, offset + 4);
  if (rest.startsWith("$(")) return { length: 2, opens: "(" };
  if (rest.startsWith("`")) return { length: 2, isText: true };
  if (token === '"') {
    if (rest.startsWith('""')) return { length: 2, isText: true };
    return rest.startsWith('"') ? { length: 1, closes: '"' } : { length: 1, isText: true };
  }
  const end = /^\r?\n"@/.exec(rest);
  return end ? { length: end[0].length, closes: '@"' } : { length: 1, isText: true };
}

/** What is one step, since nothing in it is expanded. */
const texts: readonly (readonly [token: string, start: RegExp, whole: RegExp])[] = [
  ["'", /^'/, /^'(?:[^']|'')*'/],
  ["@'", /^@'[ \t]*\r?\n/, /^@'[\s\S]*?\n'@/],
  ["<#", /^<#/, /^<#[\s\S]*?#>/],
];

function stepInCode(text: string, offset: number): Step {
  const rest = text.slice(offset);
  for (const [token, start, whole] of texts) {
    if (!start.test(rest)) continue;
    const [found] = whole.exec(rest) ?? [];
    if (found === undefined) return { length: rest.length, isText: true, opens: token };
    return { length: found.length, isText: true };
  }
  if (/^@"[ \t]*\r?\n/.test(rest)) return { length: 2, opens: '@"' };
  if (rest.startsWith('"')) return { length: 1, opens: '"' };
  if (rest.startsWith("`")) return { length: 2 };
  if (rest.startsWith("#") && /^$|[\s;(){}|,]/.test(text.slice(Math.max(0, offset - 1), offset))) {
    return { length: rest.search(/\r?\n|$/), isText: true };
  }
  const character = rest.slice(0, 1);
  if (closings[character] !== undefined) return { length: 1, opens: character };
  const closes = openings[character];
  return closes === undefined ? { length: 1 } : { length: 1, closes };
}

function faultOf(text: string, { token, offset }: Opening, depth: number): Fault {
  const before = text.slice(0, offset).split("\n");
  const place = { line: before.length, column: (before.at(-1) ?? "").length + 1 };
  return { ...place, message: messageOf(token, depth) };
}

function messageOf(token: string, depth: number): string {
  if (token === "<#") return "the comment does not end";
  if (/["']$/.test(token)) return "the string does not end";
  return depth === 0 ? `"${closings[token]}" closes nothing` : `"${token}" is not closed`;
}
