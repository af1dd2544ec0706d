import { Command, Option } from "commander";
import * as z from "zod";
import { findProvider } from "../../../core/context.ts";
import { createMachine } from "../../../core/machine/create.ts";
import { engineUrl } from "../../../core/machine/look.ts";
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
import { bootLimits } from "../boot-limits.ts";
import { defaultName } from "../names.ts";
import { type EngineCreateFlags, engineCreateOptions, parseEngineFlags } from "./engine-flags.ts";

interface CreateFlags extends EngineCreateFlags, ImageFlags, SourceFlags {
  readonly driver: string;
  readonly tlsSan: readonly string[];
  /** False when --no-context was given. */
  readonly context: boolean;
  readonly json?: boolean;
}

export const createCommand: CommandFactory = async (cli) => {
  const providers = await cli.providers();
  const sources = new Map(providers.map((provider) => [provider.id, flagSourceOf(provider)]));
  const command = new Command()
    .description("Create a machine and wait until its engine answers.")
    .argument("[name]", "the machine's name", defaultName)
    .addOption(
      new Option("-d, --driver <PROVIDER>", "what the machine runs on")
        .env("MACHINE_DRIVER")
        .default("kvm"),
    )
    .option(
      "--tls-san <NAME>",
      "further name or address for the certificate; repeatable",
      collect,
      [],
    )
    .option("--no-context", "do not register the machine as a context of docker's CLI")
    .option("--json", "print the machine as JSON");
  addSourceFlags(addImageFlags(command));
  for (const option of engineCreateOptions()) command.addOption(option);
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
  const record = await cli.withContext(async (context) => {
    const provider = await findProvider(context, flags.driver);
    refuseForeignFlags(
      command,
      [...sources.values()].filter(({ prefixes }) => prefixes[0] !== provider.id),
    );
    const source = flagSourceOf(provider);
    return createMachine(context, {
      ...{ name, providerId: provider.id, tlsSans: flags.tlsSan },
      providerOptions: z.json().parse(providerOptionsFrom(command, source, cli.environment)),
      images: parseImageFlags(flags, context.architecture),
      engine: parseEngineFlags(flags, cli.environment),
      registersContext:
        flags.context && (await context.store.readConfig()).dockerContexts !== false,
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

function flagSourceOf({ id, aliases, options }: Provider): FlagSource {
  return { options, prefixes: [id, ...aliases] };
}

function collect(value: string, former: readonly string[]): readonly string[] {
  return [...former, value];
}
