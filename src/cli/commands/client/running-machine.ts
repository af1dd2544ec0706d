import type { Context } from "../../../core/context.ts";
import { openReachable } from "../../../core/look/open-reachable.ts";
import { swarmUrlOf } from "../../../core/look/swarm.ts";
import { engineUrl, openRunning } from "../../../core/machine/look.ts";
import { endpointOf } from "../../../core/machine/open-machine.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../../store/record.ts";
import type { Cli } from "../../cli.ts";
import { machineName } from "../names.ts";
import { withPrefix } from "../with-prefix.ts";

/** What docker clients need to know of a machine. */
export interface RunningMachine {
  readonly record: MachineRecord;
  readonly url: string;
  readonly address: string;
  /** The folder with ca.pem, cert.pem and key.pem. */
  readonly certPath: string;
}

/** The one question that is asked of a machine: its provider whether it runs, or its engine for TLS. */
export type Question =
  | { readonly asked: "provider" }
  | {
      readonly asked: "engine";
      /** What the command was doing, in docker-machine's words. */
      readonly failure: string;
      /** True: the URL is that of the classic Swarm which the machine is master of. */
      readonly swarm?: boolean | undefined;
    };

/**
 * The machine, "default" unless one is named, which must be running; writes nothing.
 * @throws TsmachineError NAME_MISSING; those of openRunning or openReachable, and of swarmUrlOf
 */
export function readRunningMachine(
  cli: Cli,
  given: string | undefined,
  question: Question,
): Promise<RunningMachine> {
  return cli.withContext(
    async (context) => {
      const name = await machineName(context, given);
      const record = await recordOf(context, name, question);
      const isSwarm = question.asked === "engine" && question.swarm === true;
      return {
        record,
        url: isSwarm ? swarmUrlOf(record, engineUrl(record)) : engineUrl(record),
        address: endpointOf(record).address,
        certPath: context.store.machineLayout(name).directory,
      };
    },
    { progress: "silent" },
  );
}

async function recordOf(context: Context, name: string, question: Question) {
  if (question.asked === "provider") return (await openRunning(context, name)).record;
  try {
    return await openReachable(context, name);
  } catch (error) {
    const isTls = error instanceof TsmachineError && error.code === "TLS_CHECK_FAILED";
    throw isTls ? withPrefix(question.failure, error) : error;
  }
}
