import { entriesOf, type GoValue, isList, isObject } from "./values.ts";

/**
 * A value as Go's encoding/json writes it: what HTML would take for markup is escaped, and a
 * map's keys are sorted.
 * https://pkg.go.dev/encoding/json#Marshal
 */
export function goJson(value: GoValue, { indent = "" }: { readonly indent?: string } = {}): string {
  const json = JSON.stringify(ordered(value ?? null), undefined, indent);
  return json.replace(/[<>&\u2028\u2029]/g, escaped);
}

function ordered(value: GoValue): unknown {
  if (isList(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  return Object.fromEntries(entriesOf(value).map(([key, field]) => [key, ordered(field)]));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
