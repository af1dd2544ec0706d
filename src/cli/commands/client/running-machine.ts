import { engineUrl, openRunning } from "../../../core/machine/look.ts";
import { endpointOf } from "../../../core/machine/open-machine.ts";
import type { MachineRecord } from "../../../store/record.ts";
import type { Cli } from "../../cli.ts";

/** What docker clients need to know of a machine. */
export interface RunningMachine {
  readonly record: MachineRecord;
  readonly url: string;
  readonly address: string;
  /** The folder with ca.pem, cert.pem and key.pem. */
  readonly certPath: string;
}

/** The machine, which must be running; reads and writes nothing but its record. */
export function readRunningMachine(cli: Cli, name: string): Promise<RunningMachine> {
  return cli.withContext(
    async (context) => {
      const { record } = await openRunning(context, name);
      const { address } = endpointOf(record);
      const certPath = context.store.machineLayout(name).directory;
      return { record, url: engineUrl(record), address, certPath };
    },
    { progress: "silent" },
  );
}
