import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Candidate } from "./candidates.ts";

/** The master's name by the discovery address that its nodes share with it. */
export type SwarmMasters = ReadonlyMap<string, string>;

export function swarmMastersOf(candidates: readonly Candidate[]): SwarmMasters {
  const masters = candidates.flatMap(({ name, record }): [string, string][] =>
    record?.swarm?.isMaster ? [[record.swarm.discovery, name]] : [],
  );
  return new Map(masters);
}

/** The machine's master; undefined when it is in no classic Swarm or that has no master here. */
export function swarmMasterOf({ record }: Candidate, masters: SwarmMasters): string | undefined {
  const discovery = record?.swarm?.discovery ?? "";
  return discovery === "" ? undefined : masters.get(discovery);
}

/** What `ls` shows: "leader" for a node, "leader (master)" for the master itself. */
export function describeSwarm(candidate: Candidate, masters: SwarmMasters): string {
  const master = swarmMasterOf(candidate, masters);
  if (master === undefined) return "";
  return candidate.record?.swarm?.isMaster ? `${master} (master)` : master;
}

/** Where a master of classic Swarm answers: the machine's URL with the port of `--swarm-host`. */
export function swarmUrl(machineUrl: string, { host }: { readonly host: string }): string {
  const port = /:(\d+)$/.exec(host)?.[1];
  return port === undefined ? machineUrl : machineUrl.replace(/:\d+$/, `:${port}`);
}

/**
 * Where the classic Swarm answers whose master the machine is.
 * @throws TsmachineError INVALID_INPUT when it is none.
 */
export function swarmUrlOf({ name, swarm }: MachineRecord, machineUrl: string): string {
  if (swarm?.isMaster) return swarmUrl(machineUrl, swarm);
  throw new TsmachineError(
    "INVALID_INPUT",
    `"${name}" is not a swarm master. The --swarm flag is intended for use with swarm masters`,
    { hints: ["leave out --swarm"], context: { name } },
  );
}
