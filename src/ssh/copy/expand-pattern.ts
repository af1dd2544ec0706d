import { posix } from "node:path";

/**
 * The paths that fit a pattern of glob(7), in order; as in a shell, names that begin with a dot are
 * named explicitly. What cannot be listed has nothing in it.
 * @param names lists a folder
 */
export async function expandPattern(
  pattern: string,
  names: (folder: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const [first = "", ...rest] = pattern.split(/\/+/);
  let found = first === "" ? ["/"] : await fitting(".", first, names);
  for (const segment of rest.filter((part) => part !== "")) {
    const deeper: string[] = [];
    for (const folder of found) deeper.push(...(await fitting(folder, segment, names)));
    found = deeper;
  }
  return found;
}

async function fitting(
  folder: string,
  segment: string,
  names: (folder: string) => Promise<readonly string[]>,
): Promise<string[]> {
  if (!/[*?[]/.test(segment)) {
    const listed = /^\.\.?$/.test(segment) ? [segment] : await namesOrNone(folder, names);
    return listed.filter((name) => name === unescaped(segment)).map(below(folder));
  }
  const expression = expressionOf(segment);
  const listed = await namesOrNone(folder, names);
  return listed
    .filter((name) => expression.test(name) && (!name.startsWith(".") || segment.startsWith(".")))
    .map(below(folder));
}

async function namesOrNone(
  folder: string,
  names: (folder: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    return await names(folder);
  } catch {
    return [];
  }
}

function below(folder: string): (name: string) => string {
  return (name) => posix.join(folder, name);
}

function unescaped(segment: string): string {
  return segment.replace(/\\(.)/g, "$1");
}

/** "*", "?", "[a-z]", "[!a-z]" and backslashes; a bracket that is not closed stands for itself. */
function expressionOf(segment: string): RegExp {
  const parts = segment.match(/\\.|\[!?\]?[^\]]*\]|./gsu) ?? [];
  return new RegExp(`^${parts.map(expressionOfPart).join("")}$`, "u");
}

function expressionOfPart(part: string): string {
  if (part === "*") return ".*";
  if (part === "?") return ".";
  if (part.length > 1 && part.startsWith("[")) {
    const set = part.slice(1, -1).replace(/[\\[\]^&]/g, "\\$&");
    return set.startsWith("!") ? `[^${set.slice(1)}]` : `[${set}]`;
  }
  return unescaped(part).replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
