import type { Node } from "web-tree-sitter";
import { coreOf, nodesOf, variableOf } from "../syntax/nodes.ts";
import { literalOf } from "../values/literal.ts";

/** What is known of a hashtable that is splatted. */
export interface Splatted {
  readonly entries: readonly Entry[];
  /** False where there may be others. */
  readonly isComplete: boolean;
}

interface Entry {
  readonly name: string;
  readonly node: Node;
  readonly value: Node;
  /** False where the entry is put in afterwards, perhaps on some condition. */
  readonly isCertain: boolean;
}

/** Reads the assignments of the variable in the function, or the script, in which it is splatted. */
export function splattedBy(splat: Node): Splatted {
  const variable = variableOf(splat);
  const scope = scopeOf(splat);
  const assignments = nodesOf(scope, "assignment_expression")
    .filter((assignment) => scopeOf(assignment).id === scope.id)
    .map(assignmentOf)
    .filter(({ target }) => variableOf(target) === variable);
  const tables = assignments
    .filter(({ place }) => place === "whole")
    .map(({ value }) => entriesOf(value));
  const isOne = tables.length === 1 && !tables.includes(undefined);
  const additions = assignments.flatMap(({ place, node, value }) =>
    place === "whole" || place.key === undefined
      ? []
      : [{ name: place.key, node, value, isCertain: false }],
  );
  const hasOthers = assignments.some(({ place }) => place !== "whole" && place.key === undefined);
  return {
    entries: [
      ...tables
        .flatMap((entries) => entries ?? [])
        .map((entry) => ({ ...entry, isCertain: isOne })),
      ...additions,
    ],
    isComplete: isOne && !hasOthers && !isCalled(scope, variable),
  };
}

/** `$table.Add(…)` and the like. */
function isCalled(scope: Node, variable: string | undefined): boolean {
  return nodesOf(scope, "invokation_expression").some(({ firstChild }) => {
    return firstChild !== null && variableOf(firstChild) === variable;
  });
}

function scopeOf(node: Node): Node {
  let scope = node;
  while (scope.parent !== null && (scope === node || scope.type !== "function_statement")) {
    scope = scope.parent;
  }
  return scope;
}

interface Assignment {
  readonly node: Node;
  /** What is assigned, or of which a part is. */
  readonly target: Node;
  readonly place: "whole" | { readonly key: string | undefined };
  readonly value: Node;
}

/** Of `$table`, also with a type before it, `$table.Key` and `$table['Key']`. */
function assignmentOf(assignment: Node): Assignment {
  const value = assignment.childForFieldName("value") ?? assignment;
  const node = coreOf(assignment.firstChild ?? assignment);
  const [first = node, , member] = node.children;
  if (node.type === "member_access") {
    return { node, target: first, place: { key: member?.text }, value };
  }
  if (node.type === "element_access") {
    return { node, target: first, place: { key: member && textOf(member) }, value };
  }
  const target = node.type === "cast_expression" ? (node.lastChild ?? node) : node;
  return { node, target, place: "whole", value };
}

/** Undefined when it is no hashtable with literal keys. */
function entriesOf(value: Node): readonly Entry[] | undefined {
  const core = coreOf(value);
  const table = core.type === "cast_expression" ? core.namedChildren.map(coreOf).at(-1) : core;
  if (table?.type !== "hash_literal_expression") return undefined;
  const body = table.namedChildren.find(({ type }) => type === "hash_literal_body");
  const entries = body?.namedChildren.filter(({ type }) => type === "hash_entry") ?? [];
  const read = entries.map(entryOf);
  return read.every((entry) => entry !== undefined) ? read : undefined;
}

function entryOf(node: Node): Entry | undefined {
  const [key, , value] = node.children;
  if (key === undefined || value === undefined) return undefined;
  const core = coreOf(key);
  const name = core.type === "simple_name" ? core.text : textOf(core);
  return name === undefined ? undefined : { name, node: key, value, isCertain: true };
}

function textOf(node: Node): string | undefined {
  const literal = literalOf(node);
  return literal.kind === "string" ? literal.text : undefined;
}
