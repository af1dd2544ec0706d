/** What a Go template works on: JSON, structs, and undefined for what Go prints as `<no value>`. */
export type GoValue = undefined | null | boolean | number | string | readonly GoValue[] | GoObject;

/** A map, or a struct where it has the name of its type. */
export interface GoObject {
  readonly [structType]?: string;
  readonly [field: string]: GoValue;
}

/** Where a struct has its type's name: "commands.HostListItem". A field it lacks is an error. */
export const structType: unique symbol = Symbol("type of a Go struct");

export function isList(value: GoValue): value is readonly GoValue[] {
  return Array.isArray(value);
}

export function isObject(value: GoValue): value is GoObject {
  return typeof value === "object" && value !== null && !isList(value);
}

/** In the order of Go: a map's keys sorted, a struct's fields as they were declared. */
export function entriesOf(value: GoObject): [key: string, value: GoValue][] {
  const entries = Object.entries(value);
  return value[structType] === undefined ? entries.sort(([a], [b]) => (a < b ? -1 : 1)) : entries;
}

/** False for what is empty: false, 0, "", no value, and lists and maps without elements. */
export function isTruthy(value: GoValue): boolean {
  if (isList(value)) return value.length > 0;
  if (isObject(value)) return value[structType] !== undefined || Object.keys(value).length > 0;
  return Boolean(value);
}

/** As Go's messages name it. */
export function typeOf(value: GoValue): string {
  if (isList(value)) return "[]interface {}";
  if (isObject(value)) return value[structType] ?? "map[string]interface {}";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "number":
      return "float64";
    case "string":
      return "string";
    default:
      return "nil";
  }
}
