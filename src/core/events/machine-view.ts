import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Sizes } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";
import { keyOf } from "../agent/published-ports.ts";
import { type Context, operationFor } from "../context.ts";
import { readStatus } from "../machine/look.ts";
import { openMachine } from "../machine/open-machine.ts";
import type { Status } from "../machine/status.ts";

/** What is known of a machine at one moment, as far as events are made of it. */
export interface MachineView {
  /** Undefined where the record cannot be read. */
  readonly record: MachineRecord | undefined;
  readonly status: Status;
  /** Why the machine is not as it should be; empty when all is well. */
  readonly problem: string;
  /** See keyOf. Undefined unless the machine runs and has forwards. */
  readonly ports: readonly string[] | undefined;
  readonly sizes: Sizes | undefined;
}

/** Undefined when there is no such machine. @throws the signal's reason */
export async function viewMachine(
  context: Context,
  name: string,
): Promise<MachineView | undefined> {
  let record: MachineRecord | undefined;
  try {
    const machine = await openMachine(context, name);
    record = machine.record;
    const { forwards, resizing } = machine.instance;
    const { status, problem = "" } = await readStatus(context, machine);
    const present = status === "Running" ? await forwards?.list(operationFor(context)) : undefined;
    return { record, status, problem, ports: present?.map(keyOf), sizes: resizing?.sizes };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof TsmachineError && error.code === "MACHINE_NOT_FOUND") return undefined;
    const problem = messageOf(error);
    return { ...{ record, status: "Error", problem }, ports: undefined, sizes: undefined };
  }
}
