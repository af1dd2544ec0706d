import { formatValue } from "./format-value.ts";
import { applyFunction, FunctionProblem } from "./functions.ts";
import type { Command, Node, Operand, Pipeline, Template } from "./nodes.ts";
import { executionError, type Span } from "./template-error.ts";
import {
  entriesOf,
  type GoValue,
  isList,
  isObject,
  isTruthy,
  structType,
  typeOf,
} from "./values.ts";

/**
 * The text that the template makes of this value.
 * @throws TsmachineError TEMPLATE_INVALID for a field that a struct lacks, and for values that a
 *   function cannot take
 */
export function renderTemplate({ source, nodes }: Template, value: GoValue): string {
  return renderNodes(nodes, { source, dot: value, variables: new Map([["$", value]]) });
}

interface Scope {
  readonly source: string;
  readonly dot: GoValue;
  readonly variables: ReadonlyMap<string, GoValue>;
}

function renderNodes(nodes: readonly Node[], outer: Scope): string {
  let scope = outer;
  let text = "";
  for (const node of nodes) {
    text += renderNode(node, scope);
    if (node.kind === "output") scope = withDeclared(node.pipeline, scope);
  }
  return text;
}

function renderNode(node: Node, scope: Scope): string {
  if (node.kind === "text") return node.text;
  const value = evaluate(node.pipeline, scope);
  const declared = (given: GoValue) => declare(node.pipeline, scope, [given]);
  switch (node.kind) {
    case "output":
      return node.pipeline.variables.length > 0 ? "" : print(value);
    case "if":
      return renderNodes(isTruthy(value) ? node.body : node.otherwise, declared(value));
    case "with":
      return isTruthy(value)
        ? renderNodes(node.body, { ...declared(value), dot: value })
        : renderNodes(node.otherwise, declared(value));
    case "range": {
      const elements = elementsOf(value, node.pipeline, scope);
      if (elements.length === 0) return renderNodes(node.otherwise, scope);
      const { pipeline, body } = node;
      const isPair = pipeline.variables.length === 2;
      const rendered = elements.map(([key, element]) => {
        const values = isPair ? [key, element] : [element];
        return renderNodes(body, { ...declare(pipeline, scope, values), dot: element });
      });
      return rendered.join("");
    }
  }
}

function withDeclared(pipeline: Pipeline, scope: Scope): Scope {
  if (pipeline.variables.length === 0) return scope;
  return declare(pipeline, scope, [evaluate(pipeline, scope)]);
}

function declare({ variables }: Pipeline, scope: Scope, values: readonly GoValue[]): Scope {
  if (variables.length === 0) return scope;
  const added = variables.map((name, index): [string, GoValue] => [name, values[index]]);
  return { ...scope, variables: new Map([...scope.variables, ...added]) };
}

function print(value: GoValue): string {
  return value === undefined || value === null ? "<no value>" : formatValue(value);
}

/** With their indexes or keys. */
function elementsOf(
  value: GoValue,
  span: Span,
  { source }: Scope,
): (readonly [key: GoValue, element: GoValue])[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.map((element, index) => [index, element] as const);
  if (isObject(value) && value[structType] === undefined) return entriesOf(value);
  throw executionError(source, span, `range can't iterate over ${formatValue(value)}`);
}

function evaluate({ commands }: Pipeline, scope: Scope): GoValue {
  const [first, ...rest] = commands;
  if (first === undefined) throw new Error("a pipeline has a command");
  const start = run(first, [], scope);
  return rest.reduce((value, command) => run(command, [value], scope), start);
}

function run(command: Command, piped: readonly GoValue[], scope: Scope): GoValue {
  if (command.kind === "operand") return valueOfOperand(command.operand, scope);
  const given = command.operands.map((operand) => valueOfOperand(operand, scope));
  return call(command, [...given, ...piped], scope);
}

function call(
  { name, ...span }: Span & { readonly name: string },
  values: readonly GoValue[],
  { source }: Scope,
): GoValue {
  try {
    return applyFunction(name, values);
  } catch (error) {
    if (!(error instanceof FunctionProblem)) throw error;
    throw executionError(source, span, error.message);
  }
}

function valueOfOperand(operand: Operand, scope: Scope): GoValue {
  switch (operand.kind) {
    case "literal":
      return operand.value;
    case "dot":
      return scope.dot;
    case "variable":
      return scope.variables.get(operand.name);
    case "pipeline":
      return evaluate(operand.pipeline, scope);
    case "call":
      return call(operand, [], scope);
    case "field":
      return fieldOf(operand, scope);
  }
}

/** What a map lacks has no value, and neither has what that should have. */
function fieldOf(field: Extract<Operand, { kind: "field" }>, scope: Scope): GoValue {
  const { of, name } = field;
  const value = valueOfOperand(of, scope);
  const fail = (problem: string) => executionError(scope.source, field, problem);
  if (value === undefined) return undefined;
  if (value === null) throw fail(`nil pointer evaluating interface {}.${name}`);
  if (isObject(value) && Object.hasOwn(value, name)) return value[name];
  if (isObject(value) && value[structType] === undefined) return undefined;
  throw fail(`can't evaluate field ${name} in type ${typeOf(value)}`);
}
