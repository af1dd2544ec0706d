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
  | { readonly asked: "provider"; readonly failure?: string }
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
  try {
    return question.asked === "provider"
      ? (await openRunning(context, name)).record
      : await openReachable(context, name);
  } catch (error) {
    throw saidOf(question.failure, error);
  }
}

function saidOf(failure: string | undefined, error: unknown): unknown {
  if (failure === undefined || !(error instanceof TsmachineError)) return error;
  switch (error.code) {
    case "TLS_CHECK_FAILED":
      return withPrefix(failure, error);
    // Only docker-machine said it of a machine that is merely switched off.
    case "MACHINE_NOT_RUNNING": {
      const { code, message, hints, context } = error;
      return new TsmachineError(code, message, { hints, context: { ...context, failure } });
    }
    default:
      return error;
  }
}
