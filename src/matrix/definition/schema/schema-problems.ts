import type * as z from "zod";
import { nearestWord } from "../source/nearest-word.ts";
import { type Path, type Problem, quoted, valueAt } from "../source/source.ts";
import { keysAt } from "./definition-schema.ts";
import { isKey, keyDescriptions } from "./key-descriptions.ts";

type Issue = z.core.$ZodIssue;

export interface Finding {
  readonly path: Path;
  readonly part?: "key";
  /** Something that is not there, which may be because its key is misspelt. */
  readonly isMissing?: true;
  readonly problem: Problem;
}

/** What an issue of the schema means to who wrote the value, and where. */
export function findingsOf(issue: Issue, value: unknown): readonly Finding[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { path, part: "key", problem: unknownKey(key, keysAt(issue.path)) };
    });
  }
  const found = valueAt(value, issue.path);
  const key = issue.path.at(-1);
  if (found === undefined && key !== undefined) {
    return [{ path: issue.path.slice(0, -1), isMissing: true, problem: missing(issue.path, key) }];
  }
  if (issue.code === "invalid_union") {
    const branch = furthest(issue.errors, found);
    if (branch !== undefined) {
      return branch.flatMap((inner) =>
        findingsOf({ ...inner, path: [...issue.path, ...inner.path] }, value),
      );
    }
  }
  return [{ path: issue.path, problem: { what: wording(issue, found), hint: remedy(issue.path) } }];
}

/** Of the ways in which a value may be written the one that was meant: it has the right type. */
function furthest(
  branches: readonly (readonly Issue[])[],
  found: unknown,
): readonly Issue[] | undefined {
  return branches.find(([first]) => first !== undefined && !isOfOtherType(first, found));
}

function isOfOtherType({ code, path }: Issue, found: unknown): boolean {
  if (path.length > 0) return false;
  return code === "invalid_type" || (code === "invalid_value" && typeof found !== "string");
}

function unknownKey(key: string, known: readonly string[]): Problem {
  const meant = nearestWord(key, known);
  if (meant === undefined) {
    return { what: "unknown key", hint: `remove it, or use one of ${known.join(", ")}` };
  }
  return {
    what: `unknown key, did you mean "${meant}"?`,
    hint: `write "${meant}", or remove the key`,
  };
}

function missing(path: Path, key: PropertyKey): Problem {
  if (typeof key !== "string") return { what: "the list is empty", hint: remedy(path) };
  const meaning = isKey(key) ? `: ${keyDescriptions[key]}` : "";
  return { what: `the key "${key}" is missing`, hint: `add "${key}"${meaning}` };
}

/** The hint of the key that the value belongs to. */
function remedy(path: Path): string {
  const key = path.findLast((segment) => isKey(segment));
  return isKey(key)
    ? `give ${keyDescriptions[key]}`
    : "write keys with values, as docs/matrix.md shows";
}

function wording(issue: Issue, found: unknown): string {
  if (found === "") return "the value is empty";
  const shown = kindOf(found);
  switch (issue.code) {
    case "invalid_type":
      return `${shown} is not what is expected, ${kindWanted(issue)}`;
    case "invalid_union": {
      const kinds = issue.errors.flatMap(([first]) =>
        first === undefined ? [] : kindWanted(first),
      );
      return `${shown} is not what is expected, ${kinds.join(" or ")}`;
    }
    case "invalid_value": {
      const known = issue.values.map(String);
      const meant = typeof found === "string" ? nearestWord(found, known) : undefined;
      const question = meant === undefined ? "" : `, did you mean "${meant}"?`;
      return `${shown} is none of ${known.join(", ")}${question}`;
    }
    case "too_small":
      return issue.origin === "number"
        ? `${shown} is less than ${issue.minimum}`
        : "the list is empty";
    case "too_big":
      return `${shown} is more than ${issue.maximum}`;
    default:
      return `${shown} ${issue.message}`;
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? quoted(value) : "a mapping";
}

function kindWanted(issue: Issue): string {
  switch (issue.code === "invalid_type" ? issue.expected : undefined) {
    case "array":
    case "tuple":
      return "a list";
    case "object":
      return "a mapping";
    default:
      return "text";
  }
}
