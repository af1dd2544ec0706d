import { type Command, Option } from "commander";
import type { Context } from "../../../core/context.ts";
import { type ListedOffers, listOffers } from "../../../core/offers/list-offers.ts";
import { type Architecture, architectureSchema } from "../../../host/architecture.ts";
import type { SuiteNote } from "../../../iso/offers/list-offers.ts";
import type { Cli } from "../../cli.ts";
import { addSourceFlags, type SourceFlags } from "../../flags/image-flags.ts";

/** The flags of all commands about what Debian offers, as commander gives them. */
export interface OfferFlags extends SourceFlags {
  readonly arch?: string;
}

export function addOfferFlags(command: Command): Command {
  const arch = new Option("--arch <ARCHITECTURE>", "the machines' processor; this host's else");
  return addSourceFlags(command.addOption(arch.choices(architectureSchema.options)));
}

export function architectureOf({ arch }: OfferFlags, context: Context): Architecture {
  return arch === undefined ? context.architecture : architectureSchema.parse(arch);
}

export function readOffers(cli: Cli, flags: OfferFlags): Promise<ListedOffers> {
  return cli.withContext((context) => listOffers(context, architectureOf(flags, context)), flags);
}

/** Says on stderr which suites were left out. */
export function printNotes({ output, programName }: Cli, notes: readonly SuiteNote[]): void {
  for (const { suite, reason, hint } of notes) {
    output.stderr.write(`${programName}: note: suite ${suite} is left out: ${reason}\n`);
    if (hint !== undefined) output.stderr.write(`${programName}: hint: ${hint}\n`);
  }
}
