import { Command, Option } from "commander";
import * as z from "zod";
import { parsePublishAddress } from "../../../core/agent/published-ports.ts";
import { findProvider } from "../../../core/context.ts";
import { createMachine } from "../../../core/machine/create.ts";
import { engineUrl } from "../../../core/machine/look.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Provider } from "../../../providers/provider.ts";
import { parseMachineName } from "../../../store/machine-name.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { refuseMissingDriver } from "../../compat/drivers.ts";
import { type CaCertFlag, caCertOption, readCaCerts } from "../../flags/ca-cert-flag.ts";
import { driverFlags, readDriverFlags } from "../../flags/driver-flags.ts";
import { showFlagsOfDriver } from "../../flags/driver-help.ts";
import type { FlagSource } from "../../flags/flag-specs.ts";
import { collect } from "../../flags/flag-value.ts";
import {
  addImageFlags,
  addSourceFlags,
  type ImageFlags,
  parseImageFlags,
  type SourceFlags,
} from "../../flags/image-flags.ts";
import { addLockFlag, type LockFlag, readLockFile } from "../../flags/lock-flag.ts";
import {
  commanderOptions,
  providerOptionsFrom,
  refuseForeignFlags,
} from "../../flags/provider-flags.ts";
import { parseShares } from "../../flags/share-flag.ts";
import {
  addSwarmFlags,
  parseSwarmFlags,
  type SwarmFlags,
  swarmWarning,
} from "../../flags/swarm-flags.ts";
import { parseTlsFiles } from "../../flags/tls-files.ts";
import { printJson } from "../../output/output.ts";
import { bootLimits } from "../boot-limits.ts";
import { defaultName } from "../names.ts";
import { withPrefix } from "../with-prefix.ts";
import { type EngineCreateFlags, engineCreateOptions, parseEngineFlags } from "./engine-flags.ts";

type SharedFlags = EngineCreateFlags &
  CaCertFlag &
  ImageFlags &
  LockFlag &
  SourceFlags &
  SwarmFlags;

interface CreateFlags extends SharedFlags {
  readonly driver: string;
  readonly tlsSan: readonly string[];
  readonly publishAddress?: string;
  readonly protect?: boolean;
  /** False when --no-share was given. */
  readonly share?: readonly string[] | false;
  /** False when --no-context was given. */
  readonly context: boolean;
  readonly json?: boolean;
}

export const createCommand: CommandFactory = async (cli) => {
  const providers = await cli.providers();
  const sources = new Map(providers.map((provider) => [provider.id, flagSourceOf(provider)]));
  const flagSources = [...sources.values(), ...driverFlags];
  const command = addLockFlag(addImageFlags(new Command()), lockDescription)
    .description("Create a machine and wait until its engine answers.")
    .argument("[new-name]", nameHelp(cli))
    .allowExcessArguments()
    .addOption(
      new Option("-d, --driver <PROVIDER>", "what the machine runs on")
        .env("MACHINE_DRIVER")
        .argParser(refuseMissingDriver)
        .default("kvm"),
    )
    .option(
      "--tls-san <NAME>",
      "further name or address for the certificate; repeatable",
      collect,
      [],
    )
    .option(
      "--publish-address <ADDRESS>",
      "address of this host for published ports (default: 127.0.0.1; 0.0.0.0 for all)",
      parsePublishAddress,
    )
    .option(
      "--share <FOLDER[:GUEST][:ro]>",
      "share this folder of the host in place of the home folder; repeatable, see `share`",
      (text: string, former: readonly string[] | undefined) => collect(text, former ?? []),
    )
    .option("--no-share", "share no folder")
    .option("--protect", "let `rm` refuse to remove the machine, see `set`")
    .option("--no-context", "do not register the machine as a context of docker's CLI")
    .option("--json", "print the machine as JSON");
  addSourceFlags(command);
  for (const option of [...engineCreateOptions(), caCertOption()]) command.addOption(option);
  for (const option of flagSources.flatMap(commanderOptions)) command.addOption(option);
  addSwarmFlags(command, { areShown: cli.programName === "docker-machine" });
  showFlagsOfDriver(command, flagSources);
  return command.action(async (given: string | undefined) => {
    const { driver } = command.opts<CreateFlags>();
    const provider = await findProvider(cli, driver);
    const name = requireName(cli, command, given);
    return create(cli, { command, name, provider, sources });
  });
};

const lockDescription = "exactly the images of a lock, as `iso inspect --lock` has printed it";

function nameHelp({ programName }: Cli): string {
  return programName === "docker-machine"
    ? "the machine's name"
    : `the machine's name; "${defaultName}" unless given`;
}

/** Everything that can be wrong with the name alone, before anything is looked at or printed. */
function requireName(cli: Cli, command: Command, given: string | undefined): string {
  const extra = command.args.slice(1);
  if (extra.length > 0) {
    throw new TsmachineError(
      "INVALID_INPUT",
      `Invalid command line. Found extra arguments [${extra.join(" ")}]`,
      { hints: ["give one name, after the flags"] },
    );
  }
  if (!given && cli.programName === "docker-machine") {
    command.outputHelp();
    throw new TsmachineError("NAME_MISSING", "No machine name specified");
  }
  const name = given ?? defaultName;
  try {
    return parseMachineName(name);
  } catch (error) {
    throw withPrefix("Error creating machine", error);
  }
}

interface Invocation {
  readonly command: Command;
  readonly name: string;
  readonly provider: Provider;
  readonly sources: ReadonlyMap<string, FlagSource>;
}

async function create(cli: Cli, { command, name, provider, sources }: Invocation): Promise<void> {
  const flags = command.opts<CreateFlags>();
  const locks = flags.lock === undefined ? undefined : await readLockFile(flags.lock);
  const authorities = await readCaCerts(flags);
  const swarm = parseSwarmFlags(flags);
  const tlsFiles = parseTlsFiles(cli.globals.tlsPaths);
  const record = await cli.withContext(async (context) => {
    if (swarm !== undefined) context.warn(swarmWarning);
    refuseForeignFlags(
      command,
      [...sources.values()].filter(({ prefixes }) => prefixes[0] !== provider.id),
    );
    for (const warning of readDriverFlags(command, flags.driver, cli.environment)) {
      context.warn(warning);
    }
    const source = flagSourceOf(provider);
    return createMachine(context, {
      ...{ name, providerId: flags.driver, tlsSans: flags.tlsSan },
      providerOptions: z.json().parse(providerOptionsFrom(command, source, cli.environment)),
      images: parseImageFlags(flags, context.architecture),
      ...(locks && { locks }),
      engine: parseEngineFlags(flags, cli.environment),
      registersContext:
        flags.context && (await context.store.readConfig()).dockerContexts !== false,
      ...{ authorities, swarm, tlsFiles, publishAddress: flags.publishAddress },
      isProtected: flags.protect === true,
      ...(flags.share !== undefined && {
        folders: flags.share === false ? [] : parseShares(flags.share, cli),
      }),
      ...bootLimits(cli.environment),
    });
  }, flags);
  if (flags.json) {
    printJson(cli.output, { name, url: engineUrl(record), provider: record.provider.id });
    return;
  }
  // An engine that was there already has not been asked.
  if (record.images !== undefined) cli.output.stdout.write("Docker is up and running!\n");
  cli.output.stdout.write(
    "To see how to connect your Docker Client to the Docker Engine running on this virtual " +
      `machine, run: ${cli.programName} env ${name}\n`,
  );
}

function flagSourceOf({ id, aliases, options }: Provider): FlagSource {
  return { options, prefixes: [id, ...aliases] };
}
