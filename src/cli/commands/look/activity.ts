import type { MachineRow } from "../../../core/look/list-machines.ts";
import { swarmUrl } from "../../../core/look/swarm.ts";

/** Whether DOCKER_HOST points at a machine that runs, or at the classic Swarm it is master of. */
export interface Activity {
  readonly host: boolean;
  readonly swarm: boolean;
}

export function activityOf(
  { status, url, record }: Pick<MachineRow, "status" | "url" | "record">,
  dockerHost: string | undefined,
): Activity {
  if (!dockerHost || status !== "Running") return { host: false, swarm: false };
  const swarm = record?.swarm;
  return {
    host: url === dockerHost,
    swarm: swarm?.isMaster === true && swarmUrl(url, swarm) === dockerHost,
  };
}

export function describeActivity({ host, swarm }: Activity): string {
  if (swarm) return "* (swarm)";
  return host ? "*" : "-";
}
