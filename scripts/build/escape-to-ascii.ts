import { parseAst } from "rolldown/parseAst";

/**
 * The same program in ASCII: characters of strings, templates and regular expressions become escapes.
 * @throws Error for characters elsewhere, where an escape would mean something else or nothing: in names, in
 *   templates whose raw text counts, and after a backslash
 */
export function escapeToAscii(code: string): string {
  if (!notAscii.test(code)) return code;
  let escaped = "";
  let end = 0;
  for (const part of literalsIn(parseAst(code))) {
    const text = code.slice(part.start, part.end);
    if (afterBackslash.test(text)) continue;
    escaped += code.slice(end, part.start) + escapeCharacters(text);
    end = part.end;
  }
  escaped += code.slice(end);
  const left = /.{0,40}[^\0-\x7f].{0,40}/.exec(escaped);
  if (left) throw new Error(`cannot be written in ASCII: ${left[0]}`);
  return escaped;
}

const notAscii = /[^\0-\x7f]/;
const afterBackslash = /(?<!\\)(?:\\\\)*\\[^\0-\x7f]/;

function escapeCharacters(text: string): string {
  return text.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A node of ESTree, of which only this much is looked at. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Literals and pieces of templates whose raw text does not count, in the order of the code. */
function literalsIn(root: object): readonly Node[] {
  const found: Node[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (isNode(value)) {
      if (value.type === "Literal" || value.type === "TemplateElement") found.push(value);
      const isTagged = value.type === "TaggedTemplateExpression";
      for (const [key, child] of Object.entries(value)) {
        if (isTagged && key === "quasi") look(child.expressions);
        else look(child);
      }
    }
  };
  look(root);
  return found.sort((one, other) => one.start - other.start);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
