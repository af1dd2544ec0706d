import type * as z from "zod";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Operation, Snapshots } from "../../provider.ts";
import { ask, type Tools } from "../powershell/ask.ts";
import { type HyperVMachine, keyOf } from "../record.ts";
import {
  listCheckpoints,
  removeCheckpoint,
  restoreCheckpoint,
  takeCheckpoint,
} from "../scripts/checkpoints.ts";
import { missing } from "./start.ts";
import { powerOffInstance } from "./stop.ts";

type Reply = z.output<typeof listCheckpoints.value>;

/** Hyper-V's standard checkpoints, of the disk and, while the machine runs, of its memory too. */
export function checkpointsOf(
  machine: HyperVMachine,
  using: (operation: Operation) => Tools,
): Snapshots {
  const request = { machine: keyOf(machine) };
  return {
    list: async (operation) =>
      requireMachine(machine, await ask(listCheckpoints, request, using(operation))).labels,
    async take(label, operation) {
      const reply = await ask(takeCheckpoint, { ...request, label }, using(operation));
      if (requireMachine(machine, reply).outcome === "taken") throw taken(machine, label);
    },
    async restore(label, operation) {
      const tools = using(operation);
      const { labels } = requireMachine(machine, await ask(listCheckpoints, request, tools));
      if (!labels.includes(label)) throw unknown(machine, label, labels);
      await powerOffInstance(machine, tools);
      requireLabel(machine, label, await ask(restoreCheckpoint, { ...request, label }, tools));
    },
    async remove(label, operation) {
      const reply = await ask(removeCheckpoint, { ...request, label }, using(operation));
      requireLabel(machine, label, reply);
    },
  };
}

function requireMachine(machine: HyperVMachine, reply: Reply): Reply {
  if (reply.outcome === "absent") throw missing(machine);
  return reply;
}

function requireLabel(machine: HyperVMachine, label: string, reply: Reply): void {
  const { outcome, labels } = requireMachine(machine, reply);
  if (outcome === "missing") throw unknown(machine, label, labels);
}

function taken({ name }: HyperVMachine, label: string): TsmachineError {
  return new TsmachineError(
    "INVALID_INPUT",
    `machine "${name}" has a snapshot "${label}" already`,
    { hints: ["choose another label, or remove that snapshot first"] },
  );
}

function unknown(
  { name }: HyperVMachine,
  label: string,
  labels: readonly string[],
): TsmachineError {
  return new TsmachineError("INVALID_INPUT", `machine "${name}" has no snapshot "${label}"`, {
    hints: [
      labels.length === 0
        ? "take one first"
        : `choose one of: ${labels.map((one) => `"${one}"`).join(", ")}`,
    ],
  });
}
