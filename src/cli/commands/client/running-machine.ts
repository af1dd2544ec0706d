import { engineUrl, openRunning } from "../../../core/machine/look.ts";
import { endpointOf } from "../../../core/machine/open-machine.ts";
import { swarmMasterUrl } from "../../../core/machine/swarm-url.ts";
import type { MachineRecord } from "../../../store/record.ts";
import type { Cli } from "../../cli.ts";
import { machineName } from "../names.ts";

/** What docker clients need to know of a machine. */
export interface RunningMachine {
  readonly record: MachineRecord;
  readonly url: string;
  readonly address: string;
  /** The folder with ca.pem, cert.pem and key.pem. */
  readonly certPath: string;
}

/**
 * The machine, "default" unless one is named, which must be running; writes nothing. With `swarm` the
 * URL is that of a master of classic Swarm.
 * @throws TsmachineError NAME_MISSING; those of openRunning and swarmMasterUrl.
 */
export function readRunningMachine(
  cli: Cli,
  given: string | undefined,
  { swarm = false }: { readonly swarm?: boolean | undefined } = {},
): Promise<RunningMachine> {
  return cli.withContext(
    async (context) => {
      const name = await machineName(context, given);
      const { record } = await openRunning(context, name);
      const { address } = endpointOf(record);
      const certPath = context.store.machineLayout(name).directory;
      const url = swarm ? swarmMasterUrl(record) : engineUrl(record);
      return { record, url, address, certPath };
    },
    { progress: "silent" },
  );
}
