import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { bindingProblem } from "../../../host/bindable.ts";
import type { Forward, Forwards } from "../../provider.ts";
import { askQemu } from "../process/ask-qemu.ts";
import { portsOfQemu } from "../process/qemu-process.ts";
import type { Qmp } from "../qmp/qmp.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { addCommand, isRemoved, listCommand, parseForwards, removeCommand } from "./usernet.ts";

/** Forwards of QEMU's user-mode network, each asked for in a short connection to its control socket. */
export function forwardsOf(machine: KvmMachine, world: KvmWorld): Forwards {
  const ask = <T>(signal: AbortSignal, action: (qmp: Qmp) => Promise<T>) =>
    askQemu(machine, { world, signal }, action);
  const list = async (qmp: Qmp) => {
    const { ssh, docker } = await portsOfQemu(machine);
    const isOwn = ({ protocol, hostPort }: Forward) =>
      protocol === "tcp" && (hostPort === ssh || hostPort === docker);
    return parseForwards(await runInMonitor(qmp, listCommand)).filter((one) => !isOwn(one));
  };
  return {
    list: ({ signal }) => ask(signal, list),
    async add(forward, { signal }) {
      const refusal = await ask(signal, async (qmp) => {
        const answer = await runInMonitor(qmp, addCommand(forward));
        if (answer.trim() === "") return undefined;
        const isThere = (await list(qmp)).some((one) => isDeepStrictEqual(one, forward));
        return isThere ? undefined : answer.trim();
      });
      if (refusal !== undefined) throw await unavailable(forward, refusal);
    },
    async remove(forward, { signal }) {
      const answer = await ask(signal, (qmp) => runInMonitor(qmp, removeCommand(forward)));
      if (!isRemoved(answer)) {
        throw new TsmachineError("QMP_FAILED", `QEMU keeps a forward: ${answer.trim()}`);
      }
    },
  };
}

/** A line for QEMU's monitor; what is wrong with it comes back as text too. */
async function runInMonitor(qmp: Qmp, line: string): Promise<string> {
  return z.string().parse(await qmp.execute("human-monitor-command", { "command-line": line }));
}

/** QEMU does not say what the matter was, so it is tried here once more. */
async function unavailable(forward: Forward, refusal: string): Promise<TsmachineError> {
  const { protocol, hostAddress: address, hostPort: port } = forward;
  const problem = await bindingProblem({ protocol, address, port });
  return new TsmachineError(
    "PORT_UNAVAILABLE",
    `port ${port}/${protocol} of ${address} ${problem ?? `is refused by QEMU: ${refusal}`}`,
    { hints: ["end what uses the port, or publish another one"], context: { refusal } },
  );
}
