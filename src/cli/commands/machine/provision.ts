import { Command } from "commander";
import { provisionMachine } from "../../../core/machine/provision/provision.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { type CaCertFlag, caCertOption, readCaCerts } from "../../flags/ca-cert-flag.ts";
import { bootLimits } from "../boot-limits.ts";
import { type EngineFlags, engineOptions, parseEngineChanges } from "./engine-flags.ts";
import { provisionAll } from "./provision-all.ts";

interface ProvisionFlags extends EngineFlags, CaCertFlag {
  readonly json?: boolean;
}

export const provisionCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description(
      "Give machines the engine options, certificates, authorities and proxies that they should have. Options " +
        "given here replace all of their kind; an empty value stands for none.",
    )
    .argument("[names...]", 'the machines; "default" when none is named')
    .option("--json", "print JSON");
  for (const option of [...engineOptions(), caCertOption()]) command.addOption(option);
  return command.action((names: string[]) => provision(cli, names, command.opts<ProvisionFlags>()));
};

async function provision(cli: Cli, given: readonly string[], flags: ProvisionFlags): Promise<void> {
  const request = {
    changes: parseEngineChanges(flags),
    authorities: await readCaCerts(flags),
    ...bootLimits(cli.environment),
  };
  await provisionAll(cli, given, {
    isJson: flags.json === true,
    provision: (context, name) => provisionMachine(context, name, request),
    sentences: {
      provisioned: (name) => `Machine "${name}" was provisioned.`,
      stored: (name) => `Machine "${name}" is switched off: it is provisioned at its next start.`,
    },
  });
}
