import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";
import { engineUrl, readStatus } from "../machine/look.ts";
import { openRecord } from "../machine/open-machine.ts";
import { readCandidates } from "./candidates.ts";
import { swarmUrl } from "./swarm.ts";
import { withinLimit } from "./within-limit.ts";

/**
 * The machine at this URL, or the master of the classic Swarm there, if it runs. Only machines with
 * that URL are asked; whatever is wrong with others makes no difference.
 * @throws TsmachineError NO_ACTIVE_MACHINE; TIMEOUT when its provider does not answer in time
 */
export async function findActive(
  context: Context,
  { dockerHost, timeoutMs }: { readonly dockerHost: string; readonly timeoutMs: number },
): Promise<MachineRecord> {
  const candidates = await readCandidates(context);
  // A machine that is off may have the port still that another one took.
  const records = candidates.flatMap(({ record }) => (isAt(record, dockerHost) ? [record] : []));
  const answers = await Promise.all(
    records.map(async (record) => ({ record, answer: await ask(context, record, timeoutMs) })),
  );
  const running = answers.find(({ answer }) => answer?.value.status === "Running");
  if (running !== undefined) return running.record;
  const isLate = answers.some(({ answer }) => answer === undefined);
  if (isLate) {
    throw new TsmachineError("TIMEOUT", "Error getting active host: timeout", {
      hints: ["give it longer with --timeout"],
    });
  }
  throw new TsmachineError("NO_ACTIVE_MACHINE", "No active host found", {
    hints: ['point the environment at one: eval "$(tsmachine env NAME)"'],
  });
}

function ask(context: Context, record: MachineRecord, timeoutMs: number) {
  return withinLimit({ signal: context.signal, timeoutMs }, async (signal) => {
    const limited = { ...context, signal };
    return readStatus(limited, await openRecord(limited, record));
  });
}

function isAt(record: MachineRecord | undefined, dockerHost: string): record is MachineRecord {
  if (record?.endpoint === undefined || dockerHost === "") return false;
  const { swarm } = record;
  const url = engineUrl(record);
  return url === dockerHost || (swarm?.isMaster === true && swarmUrl(url, swarm) === dockerHost);
}
