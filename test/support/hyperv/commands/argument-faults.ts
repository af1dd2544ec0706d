import type { Cmdlet } from "../cmdlets/cmdlet.ts";
import type { Fault } from "../fault.ts";
import { faultAt } from "../syntax/nodes.ts";
import { literalOf } from "../values/literal.ts";
import { valueFault } from "../values/value-fault.ts";
import type { Command } from "./command.ts";
import { type NamedOffer, offersOf } from "./offers.ts";
import { setFaults } from "./parameter-sets.ts";

/** What is wrong with the arguments for the cmdlet: first by themselves, then as a whole. */
export function argumentFaults(command: Command, cmdlet: Cmdlet): readonly Fault[] {
  const offers = [...offersOf(command, cmdlet)];
  const named = offers.filter((offer) => offer.kind === "named");
  const faults = [
    ...offers.flatMap((offer) => (offer.kind === "fault" ? offer.fault : [])),
    ...repeated(named),
    ...named.flatMap((offer) => valueFaults(offer, cmdlet)),
    ...typesInText(command),
  ];
  if (faults.length > 0) return faults;
  return setFaults(cmdlet, command, {
    named,
    positional: offers.flatMap((offer) => (offer.kind === "positional" ? offer.node : [])),
    hasOthers: offers.some(({ kind }) => kind === "others"),
  });
}

function repeated(named: readonly NamedOffer[]): readonly Fault[] {
  const certain = named.filter(({ isCertain }) => isCertain);
  return certain
    .filter(({ parameter }, index) =>
      certain.slice(0, index).some((before) => before.parameter === parameter),
    )
    .map(({ node, parameter }) => faultAt(node, `-${parameter.name} is given twice`));
}

function valueFaults({ parameter, value }: NamedOffer, cmdlet: Cmdlet): readonly Fault[] {
  const fault = value && valueFault(parameter, literalOf(value));
  if (value === undefined || fault === undefined) return [];
  return [faultAt(value, `-${parameter.name} of ${cmdlet.name} ${fault}`)];
}

/** `-Id [guid]$id` gives the brackets, too, as text. */
function typesInText({ arguments: given }: Command): readonly Fault[] {
  return given
    .map((argument) => (argument.kind === "parameter" ? argument.attached : argument.node))
    .filter((node) => node !== undefined)
    .filter(({ text }) => text.startsWith("["))
    .map((node) => faultAt(node, "a type is text in an argument: write parentheses around it"));
}
