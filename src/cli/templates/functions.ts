import { formatValue, sprintf } from "./format-value.ts";
import { goJson } from "./json.ts";
import { type GoValue, isList, isObject, isTruthy, structType, typeOf } from "./values.ts";

/** Applies a function of functionNames. @throws FunctionProblem when it cannot take the values. */
export function applyFunction(name: string, values: readonly GoValue[]): GoValue {
  const found = functions.get(name);
  if (found === undefined) throw new Error(`no function is called ${name}`);
  const { apply, min, max = Number.POSITIVE_INFINITY } = found;
  const count = values.length;
  if (count < min || count > max) {
    const wanted = min === max ? `want ${min} got` : `want at least ${min} got`;
    throw new FunctionProblem(`wrong number of args for ${name}: ${wanted} ${count}`);
  }
  return apply(...values);
}

/** In Go's words why a function cannot be applied; whoever knows where it is called adds that. */
export class FunctionProblem extends Error {
  override readonly name = "FunctionProblem";
}

interface GoFunction {
  readonly min: number;
  readonly max?: number;
  apply(...values: GoValue[]): GoValue;
}

/**
 * docker-machine's json and prettyjson, and Go's own except those for HTML, JavaScript and URLs.
 * https://pkg.go.dev/text/template#hdr-Functions
 */
const functions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ["json", { min: 1, max: 1, apply: (value) => goJson(value) }],
  ["prettyjson", { min: 1, max: 1, apply: (value) => goJson(value, { indent: "    " }) }],
  ["and", { min: 1, apply: (...all) => all.find((value) => !isTruthy(value)) ?? all.at(-1) }],
  ["or", { min: 1, apply: (...all) => all.find(isTruthy) ?? all.at(-1) }],
  ["not", { min: 1, max: 1, apply: (value) => !isTruthy(value) }],
  ["eq", { min: 2, apply: (first, ...others) => others.some((other) => isEqual(first, other)) }],
  ["ne", { min: 2, max: 2, apply: (a, b) => !isEqual(a, b) }],
  ["lt", { min: 2, max: 2, apply: (a, b) => compare(a, b) < 0 }],
  ["le", { min: 2, max: 2, apply: (a, b) => compare(a, b) <= 0 }],
  ["gt", { min: 2, max: 2, apply: (a, b) => compare(a, b) > 0 }],
  ["ge", { min: 2, max: 2, apply: (a, b) => compare(a, b) >= 0 }],
  ["len", { min: 1, max: 1, apply: lengthOf }],
  ["index", { min: 1, apply: (value, ...keys) => keys.reduce(elementOf, value) }],
  ["print", { min: 0, apply: (...values) => values.map(formatValue).join(" ") }],
  ["println", { min: 0, apply: (...values) => `${values.map(formatValue).join(" ")}\n` }],
  ["printf", { min: 1, apply: (format, ...values) => sprintf(formatValue(format), values) }],
]);

export const functionNames: ReadonlySet<string> = new Set(functions.keys());

function isEqual(a: GoValue, b: GoValue): boolean {
  const isEmpty = (value: GoValue) => value === null || value === undefined;
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  requireComparable(a, b);
  return a === b;
}

function compare(a: GoValue, b: GoValue): number {
  requireComparable(a, b);
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== "string" || typeof b !== "string") {
    throw new FunctionProblem("error calling lt: invalid type for comparison");
  }
  return a < b ? -1 : Number(a > b);
}

function requireComparable(a: GoValue, b: GoValue): void {
  if (isList(a) || isObject(a)) throw new FunctionProblem(`uncomparable type ${typeOf(a)}`);
  if (typeof a !== typeof b) throw new FunctionProblem("incompatible types for comparison");
}

/** A text's length is that of its UTF-8 form. */
function lengthOf(value: GoValue): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (isList(value)) return value.length;
  if (isObject(value) && value[structType] === undefined) return Object.keys(value).length;
  throw new FunctionProblem(`error calling len: len of type ${typeOf(value)}`);
}

function elementOf(value: GoValue, key: GoValue): GoValue {
  if (isList(value) && typeof key === "number") {
    if (Number.isInteger(key) && key >= 0 && key < value.length) return value[key];
    throw new FunctionProblem(`error calling index: index out of range: ${key}`);
  }
  if (isObject(value) && value[structType] === undefined && typeof key === "string") {
    return Object.hasOwn(value, key) ? value[key] : undefined;
  }
  const problem =
    value === null || value === undefined
      ? "index of untyped nil"
      : `can't index item of type ${typeOf(value)} with ${typeOf(key)}`;
  throw new FunctionProblem(`error calling index: ${problem}`);
}
