import { Command, Option } from "commander";
import { z } from "zod";
import { findProvider } from "../../../core/context.ts";
import { createMachine } from "../../../core/machine/create.ts";
import { engineUrl } from "../../../core/machine/look.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Provider } from "../../../providers/provider.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import type { FlagSource } from "../../flags/flag-specs.ts";
import {
  addImageFlags,
  addSourceFlags,
  type ImageFlags,
  parseImageFlags,
  type SourceFlags,
} from "../../flags/image-flags.ts";
import {
  commanderOptions,
  providerOptionsFrom,
  refuseForeignFlags,
} from "../../flags/provider-flags.ts";
import { printJson } from "../../output/output.ts";
import { unbuiltProviders } from "../../unbuilt-providers.ts";
import { bootLimits } from "../boot-limits.ts";
import { defaultName } from "../names.ts";
import { type EngineFlags, engineOptions, parseEngineFlags } from "./engine-flags.ts";

interface CreateFlags extends EngineFlags, ImageFlags, SourceFlags {
  readonly driver: string;
  readonly tlsSan: readonly string[];
  readonly json?: boolean;
}

export const createCommand: CommandFactory = (cli) => {
  const sources = new Map(cli.providers.map((provider) => [provider.id, flagSourceOf(provider)]));
  const command = new Command()
    .description("Create a machine and wait until its engine answers.")
    .argument("[name]", "the machine's name", defaultName)
    .addOption(
      new Option("-d, --driver <PROVIDER>", "what the machine runs on")
        .env("MACHINE_DRIVER")
        .argParser(refuseUnbuilt)
        .default("kvm"),
    )
    .option(
      "--tls-san <NAME>",
      "further name or address for the certificate; repeatable",
      collect,
      [],
    )
    .option("--json", "print the machine as JSON");
  addSourceFlags(addImageFlags(command));
  for (const option of engineOptions()) command.addOption(option);
  for (const option of [...sources.values()].flatMap(commanderOptions)) command.addOption(option);
  return command.action((name: string) => create(cli, { command, name, sources }));
};

interface Invocation {
  readonly command: Command;
  readonly name: string;
  readonly sources: ReadonlyMap<string, FlagSource>;
}

async function create(cli: Cli, { command, name, sources }: Invocation): Promise<void> {
  const flags = command.opts<CreateFlags>();
  const record = await cli.withContext((context) => {
    const provider = findProvider(context, flags.driver);
    refuseForeignFlags(
      command,
      [...sources.values()].filter(({ prefixes }) => prefixes[0] !== provider.id),
    );
    const source = flagSourceOf(provider);
    return createMachine(context, {
      ...{ name, providerId: provider.id, tlsSans: flags.tlsSan },
      providerOptions: z.json().parse(providerOptionsFrom(command, source, cli.environment)),
      images: parseImageFlags(flags, context.architecture),
      engine: parseEngineFlags(flags),
      ...bootLimits(cli.environment),
    });
  }, flags);
  if (flags.json) {
    printJson(cli.output, { name, url: engineUrl(record), provider: record.provider.id });
    return;
  }
  cli.output.stdout.write(
    "Docker is up and running!\n" +
      "To see how to connect your Docker Client to the Docker Engine running on this virtual " +
      `machine, run: ${cli.programName} env ${name}\n`,
  );
}

/** While the line is parsed: the provider's flags, which nobody knows, are not to blame. */
function refuseUnbuilt(id: string): string {
  if (!unbuiltProviders.has(id)) return id;
  throw new TsmachineError("PROVIDER_UNAVAILABLE", `provider ${id} cannot create machines yet`, {
    hints: ["choose another one, such as `--driver kvm`"],
    context: { id },
  });
}

function flagSourceOf({ id, aliases, options }: Provider): FlagSource {
  return { options, prefixes: [id, ...aliases] };
}

function collect(value: string, former: readonly string[]): readonly string[] {
  return [...former, value];
}
