import { engineUrl, openRunning } from "../../../core/machine/look.ts";
import { endpointOf } from "../../../core/machine/open-machine.ts";
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
 * The machine, "default" unless one is named, which must be running; writes nothing.
 * @throws TsmachineError NAME_MISSING and those of openRunning.
 */
export function readRunningMachine(cli: Cli, given: string | undefined): Promise<RunningMachine> {
  return cli.withContext(
    async (context) => {
      const name = await machineName(context, given);
      const { record } = await openRunning(context, name);
      const { address } = endpointOf(record);
      const certPath = context.store.machineLayout(name).directory;
      return { record, url: engineUrl(record), address, certPath };
    },
    { progress: "silent" },
  );
}
