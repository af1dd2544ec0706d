import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Operation } from "../../provider.ts";
import { ask, type Tools } from "../powershell/ask.ts";
import { type HyperVMachine, pathOf } from "../record.ts";
import { startMachine } from "../scripts/start.ts";
import { followConsole } from "./console.ts";
import { hardwareOf } from "./hardware.ts";
import { powerOf } from "./power.ts";
import { powerOffInstance } from "./stop.ts";

/** Milliseconds for taking back a start that was cancelled. */
const undoTimeoutMs = 60_000;

/**
 * Powers the instance on, or lets it go on where it was saved or paused. One that was off is off again when
 * that fails or is cancelled; a saved state is kept.
 * @throws TsmachineError INSTANCE_MISSING, INSTANCE_LOCKED; those of ask.
 */
export async function startInstance(
  machine: HyperVMachine,
  { tools, operation }: { readonly tools: Tools; readonly operation: Operation },
): Promise<void> {
  const power = await powerOf(machine, tools);
  if (power === "running") return;
  const outcome = await start(machine, tools, {
    async undo(limit) {
      if (power !== "stopped") return;
      operation.report("powering the machine off again");
      await powerOffInstance(machine, { ...tools, signal: limit });
    },
  });
  switch (outcome) {
    case "running":
      return;
    case "started":
      followConsole(tools.world.consoleAddress(machine.tag), pathOf(machine, "consoleLog"));
      return;
    case "busy":
      throw new TsmachineError(
        "INSTANCE_LOCKED",
        `machine "${machine.name}" is on the way to another state in Hyper-V`,
        { hints: [`wait a moment, or power it off with \`tsmachine kill ${machine.name}\``] },
      );
    case "absent":
    case "disk-missing":
      throw missing(machine);
  }
}

async function start(
  machine: HyperVMachine,
  tools: Tools,
  { undo }: { undo(limit: AbortSignal): Promise<void> },
) {
  try {
    return (await ask(startMachine, hardwareOf(machine, tools.world), tools)).outcome;
  } catch (error) {
    try {
      await undo(AbortSignal.timeout(undoTimeoutMs));
    } catch {
      // The first error says what went wrong; `ls` shows what runs.
    }
    throw error;
  }
}

export function missing({ name, id }: Pick<HyperVMachine, "name" | "id">): TsmachineError {
  return new TsmachineError(
    "INSTANCE_MISSING",
    `machine "${name}" is not in Hyper-V any more, or its disk is gone`,
    {
      hints: [
        `remove what is left with \`tsmachine rm -f ${name}\`, then create the machine again`,
      ],
      context: { id: id ?? "unknown" },
    },
  );
}
