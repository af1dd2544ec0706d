import type { Node } from "web-tree-sitter";
import { type Cmdlet, isSwitch, type Parameter } from "../cmdlets/cmdlet.ts";
import type { Fault } from "../fault.ts";
import { faultAt } from "../syntax/nodes.ts";
import { literalOf } from "../values/literal.ts";
import type { Argument, Command } from "./command.ts";
import { parameterNamed } from "./parameter-names.ts";
import { splattedBy } from "./splatting.ts";

/** One thing that a command offers to its cmdlet. */
export type Offer =
  | NamedOffer
  | { readonly kind: "positional"; readonly node: Node }
  /** Splatted, and not known before the script runs. */
  | { readonly kind: "others" }
  | { readonly kind: "fault"; readonly fault: Fault };

export interface NamedOffer {
  readonly kind: "named";
  readonly parameter: Parameter;
  readonly node: Node;
  /** None for a switch by itself. */
  readonly value: Node | undefined;
  /** False where the script may or may not offer it. */
  readonly isCertain: boolean;
}

/** Puts values to the parameters that are named before them, or in splatted tables. */
export function* offersOf(command: Command, cmdlet: Cmdlet): Generator<Offer> {
  const rest = [...command.arguments];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument.kind === "value") yield { kind: "positional", node: argument.node };
    if (argument.kind === "splat") yield* splattedOffers(argument.node, cmdlet);
    if (argument.kind === "unclear") yield faultOffer(argument.node, argument.message);
    if (argument.kind === "parameter") {
      const next = rest[0]?.kind === "value" ? rest[0].node : undefined;
      const { offer, takesNext } = namedOffer(argument, next, cmdlet);
      yield offer;
      if (takesNext) rest.shift();
    }
  }
}

function* splattedOffers(splat: Node, cmdlet: Cmdlet): Generator<Offer> {
  const { entries, isComplete } = splattedBy(splat);
  for (const { name, node, value, isCertain } of entries) {
    const parameter = parameterNamed(name, cmdlet);
    if ("fault" in parameter) yield faultOffer(node, parameter.fault);
    else yield { kind: "named", parameter, node, value, isCertain };
  }
  if (!isComplete) yield { kind: "others" };
}

function namedOffer(
  { node, name, attached }: Extract<Argument, { kind: "parameter" }>,
  next: Node | undefined,
  cmdlet: Cmdlet,
): { readonly offer: Offer; readonly takesNext: boolean } {
  const takesNext = next !== undefined && attached === undefined;
  const parameter = parameterNamed(name, cmdlet);
  // What follows was likelier meant for it than for a position.
  if ("fault" in parameter) return { offer: faultOffer(node, parameter.fault), takesNext };
  const named = { kind: "named", parameter, node, value: attached, isCertain: true } as const;
  if (isSwitch(parameter)) {
    if (!takesNext || !isDetached(next, cmdlet)) return { offer: named, takesNext: false };
    const fault = `-${parameter.name} is a switch: write -${parameter.name}:${next.text}`;
    return { offer: faultOffer(next, fault), takesNext };
  }
  if (attached === undefined && next === undefined) {
    const fault = `-${parameter.name} of ${cmdlet.name} is given no value`;
    return { offer: faultOffer(node, fault), takesNext };
  }
  return { offer: { ...named, value: attached ?? next }, takesNext };
}

/** Whether it is a truth value that no position of the cmdlet is for. */
function isDetached(value: Node, { parameters, sets }: Cmdlet): boolean {
  if (literalOf(value).kind !== "boolean") return false;
  const positioned = sets.flatMap(({ members }) =>
    [...members].filter(([, { position }]) => position !== undefined).map(([name]) => name),
  );
  const takesTruth = /^(Object|PSObject|Boolean)(\[\])?$/;
  return !positioned.some((name) => takesTruth.test(parameters.get(name)?.type ?? ""));
}

function faultOffer(node: Node, message: string): Offer {
  return { kind: "fault", fault: faultAt(node, message) };
}
