import { type Command, Option } from "commander";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";
import { collect } from "./flag-value.ts";

/** docker-machine's flags for classic Swarm, as commander gives them. */
export interface SwarmFlags {
  readonly swarm?: boolean;
  readonly swarmMaster?: boolean;
  readonly swarmImage: string;
  readonly swarmDiscovery: string;
  readonly swarmStrategy: string;
  readonly swarmOpt: readonly string[];
  readonly swarmJoinOpt: readonly string[];
  readonly swarmHost: string;
  readonly swarmAddr: string;
  readonly swarmExperimental?: boolean;
}

type Swarm = NonNullable<MachineRecord["swarm"]>;

/** What the user is told who asks for a node of classic Swarm. */
export const swarmWarning =
  "classic Swarm is no more: what its flags say is kept with the machine, and nothing is started; " +
  "make a cluster in Swarm mode with `docker swarm init` and `docker swarm join`";

/** Kept out of the help, except under the name docker-machine: nobody is to begin with them. */
export function addSwarmFlags(command: Command, { areShown }: { areShown: boolean }): Command {
  const options = [
    new Option("--swarm", "record the machine as a node of classic Swarm"),
    new Option("--swarm-master", "record the machine as a master of classic Swarm"),
    new Option("--swarm-image <IMAGE>", "image of classic Swarm")
      .env("MACHINE_SWARM_IMAGE")
      .default("swarm:latest"),
    new Option("--swarm-discovery <URL>", "where nodes of classic Swarm find each other").default(
      "",
      "none",
    ),
    new Option("--swarm-strategy <NAME>", "how classic Swarm chooses a node").default("spread"),
    repeatable("--swarm-opt <KEY=VALUE>", "flag for the master of classic Swarm; repeatable"),
    repeatable("--swarm-join-opt <KEY=VALUE>", "flag for a node of classic Swarm; repeatable"),
    new Option("--swarm-host <ADDRESS>", "where the master of classic Swarm listens").default(
      "tcp://0.0.0.0:3376",
    ),
    new Option("--swarm-addr <ADDRESS>", "what the node advertises to classic Swarm").default(
      "",
      "the machine's",
    ),
    new Option("--swarm-experimental", "experimental features of classic Swarm"),
  ];
  for (const option of options) command.addOption(areShown ? option : option.hideHelp());
  return command;
}

/**
 * What to record; undefined for a machine that is no node of classic Swarm.
 * @throws TsmachineError INVALID_INPUT when the discovery URL is none.
 */
export function parseSwarmFlags(flags: SwarmFlags): Swarm | undefined {
  requireDiscoveryUrl(flags.swarmDiscovery);
  const isMaster = flags.swarmMaster === true;
  if (!flags.swarm && !isMaster) return undefined;
  return {
    isSwarm: true,
    isMaster,
    discovery: flags.swarmDiscovery,
    host: flags.swarmHost,
    image: flags.swarmImage,
    strategy: flags.swarmStrategy,
    address: flags.swarmAddr,
    options: [...flags.swarmOpt],
    joinOptions: [...flags.swarmJoinOpt],
    isExperimental: flags.swarmExperimental === true,
  };
}

function requireDiscoveryUrl(url: string): void {
  if (url === "" || /^[^:]*:\/\//.test(url)) return;
  throw new TsmachineError(
    "INVALID_INPUT",
    `Error parsing swarm discovery: Swarm Discovery URL was in the wrong format: ${url}`,
    { hints: ["give it as in `--swarm-discovery token://1234`"] },
  );
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect).default([], "none");
}
