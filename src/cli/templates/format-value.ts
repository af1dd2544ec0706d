import { entriesOf, type GoValue, isList, isObject, structType, typeOf } from "./values.ts";

/** As Go's fmt prints it with %v: `[a b]`, `map[key:value]`, and `{a b}` for a struct. */
export function formatValue(value: GoValue): string {
  if (value === null || value === undefined) return "<nil>";
  if (isList(value)) return `[${value.map(formatValue).join(" ")}]`;
  if (!isObject(value)) return String(value);
  const entries = entriesOf(value);
  if (value[structType] !== undefined) {
    return `{${entries.map(([, field]) => formatValue(field)).join(" ")}}`;
  }
  return `map[${entries.map(([key, field]) => `${key}:${formatValue(field)}`).join(" ")}]`;
}

/**
 * Go's fmt.Sprintf with %s %v %q %d %t and %%, each with a width and "-" for the left side.
 * https://pkg.go.dev/fmt
 */
export function sprintf(format: string, values: readonly GoValue[]): string {
  const rest = [...values];
  const text = format.replace(/%(-?)(\d*)([^\d-]|$)/gu, (_, left: string, width: string, verb) => {
    if (verb === "%") return "%";
    if (verb === "") return "%!(NOVERB)";
    if (rest.length === 0) return `%!${verb}(MISSING)`;
    const formatted = formatVerb(verb, rest.shift());
    return left === "" ? formatted.padStart(Number(width)) : formatted.padEnd(Number(width));
  });
  if (rest.length === 0) return text;
  const extra = rest.map((value) => `${typeOf(value)}=${formatValue(value)}`);
  return `${text}%!(EXTRA ${extra.join(", ")})`;
}

function formatVerb(verb: string, value: GoValue): string {
  const isFitting =
    ["s", "v"].includes(verb) ||
    (verb === "q" && typeof value === "string") ||
    (verb === "d" && typeof value === "number") ||
    (verb === "t" && typeof value === "boolean");
  if (!isFitting) return `%!${verb}(${typeOf(value)}=${formatValue(value)})`;
  return verb === "q" ? JSON.stringify(value) : formatValue(value);
}
