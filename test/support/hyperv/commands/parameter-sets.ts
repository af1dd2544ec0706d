import type { Node } from "web-tree-sitter";
import { type Cmdlet, isSwitch, type Parameter, type ParameterSet } from "../cmdlets/cmdlet.ts";
import type { Fault } from "../fault.ts";
import { faultAt } from "../syntax/nodes.ts";
import { literalOf } from "../values/literal.ts";
import { valueFault } from "../values/value-fault.ts";
import type { Command } from "./command.ts";
import type { NamedOffer } from "./offers.ts";
import { isCommon } from "./parameter-names.ts";

/** What a command offers, none of it wrong by itself. */
export interface Offered {
  readonly named: readonly NamedOffer[];
  readonly positional: readonly Node[];
  readonly hasOthers: boolean;
}

/**
 * Why what is offered fits no parameter set; empty when it fits one. Of several sets that do not fit,
 * the one that comes nearest is told of: first the default, then that which lacks least.
 */
export function setFaults(cmdlet: Cmdlet, command: Command, offered: Offered): readonly Fault[] {
  const together = combinationsOf(offered.named);
  const conflict = together.find((names) => setsWith(names, cmdlet).length === 0);
  if (conflict !== undefined) return [faultAt(command.node, conflictOf(cmdlet, conflict))];
  const candidates = together.flatMap((names) => setsWith(names, cmdlet));
  const ranked = [
    ...candidates.filter(({ name }) => name === cmdlet.defaultSet),
    ...candidates.filter(({ name }) => name !== cmdlet.defaultSet),
  ].map((set) => faultsOfSet(set, cmdlet, command, offered));
  return ranked.reduce((nearest, faults) => (faults.length < nearest.length ? faults : nearest));
}

/** The names that are given together: of those that may not be given, one at a time. */
function combinationsOf(named: readonly NamedOffer[]): readonly (readonly string[])[] {
  const ofSets = named.filter(({ parameter }) => !isCommon(parameter));
  const certain = ofSets
    .filter(({ isCertain }) => isCertain)
    .map(({ parameter }) => parameter.name);
  const uncertain = ofSets.filter(({ isCertain }) => !isCertain);
  return [certain, ...uncertain.map(({ parameter }) => [...certain, parameter.name])];
}

function setsWith(names: readonly string[], { sets }: Cmdlet): readonly ParameterSet[] {
  return sets.filter(({ members }) => names.every((name) => members.has(name.toLowerCase())));
}

function conflictOf(cmdlet: Cmdlet, names: readonly string[]): string {
  const telling = names.filter(
    (name) => !cmdlet.sets.every(({ members }) => members.has(name.toLowerCase())),
  );
  const written = telling.map((name) => `-${name}`).join(" and ");
  return `no parameter set of ${cmdlet.name} has ${written}`;
}

function faultsOfSet(
  set: ParameterSet,
  cmdlet: Cmdlet,
  { node, takesInput }: Command,
  { named, positional, hasOthers }: Offered,
): readonly Fault[] {
  const taken = new Set(named.map(({ parameter }) => parameter));
  const free = parametersByPosition(set, cmdlet).filter((parameter) => !taken.has(parameter));
  const bound = free.slice(0, positional.length);
  const faults = positional.flatMap((value, index) => {
    const parameter = bound[index];
    if (parameter === undefined)
      return faultAt(value, `${cmdlet.name} has no position for this value`);
    const fault = valueFault(parameter, literalOf(value));
    return fault === undefined
      ? []
      : faultAt(value, `-${parameter.name} of ${cmdlet.name} ${fault}`);
  });
  const missing = mandatoryOf(set, cmdlet).filter(
    (parameter) =>
      !taken.has(parameter) &&
      !bound.includes(parameter) &&
      !(takesInput && parameter.input.length > 0),
  );
  if (hasOthers) return faults;
  return [...faults, ...missing.map(({ name }) => faultAt(node, `${cmdlet.name} lacks -${name}`))];
}

function parametersByPosition(set: ParameterSet, cmdlet: Cmdlet): readonly Parameter[] {
  return [...set.members]
    .flatMap(([name, { position }]) => {
      const parameter = cmdlet.parameters.get(name);
      return position === undefined || parameter === undefined || isSwitch(parameter)
        ? []
        : { parameter, position };
    })
    .sort((a, b) => a.position - b.position)
    .map(({ parameter }) => parameter);
}

function mandatoryOf(set: ParameterSet, cmdlet: Cmdlet): readonly Parameter[] {
  return [...set.members].flatMap(([name, { isMandatory }]) =>
    isMandatory ? (cmdlet.parameters.get(name) ?? []) : [],
  );
}
