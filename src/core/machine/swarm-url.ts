import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";
import { engineUrl } from "./look.ts";

/**
 * Where a master of classic Swarm would answer: at the machine's address, on the port that
 * `--swarm-host` gives.
 * @throws TsmachineError INVALID_INPUT when the machine is no master.
 */
export function swarmMasterUrl(record: MachineRecord): string {
  const { name, swarm } = record;
  if (swarm?.isMaster !== true) {
    throw new TsmachineError(
      "INVALID_INPUT",
      `"${name}" is not a swarm master. The --swarm flag is intended for use with swarm masters`,
      { hints: ["leave out --swarm"] },
    );
  }
  const [port = ""] = /:\d+$/.exec(swarm.host) ?? [];
  return port === "" ? engineUrl(record) : engineUrl(record).replace(/:\d+$/, port);
}
