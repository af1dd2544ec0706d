import type * as z from "zod";
import type { Operation, Snapshots } from "../../provider.ts";
import { snapshotExists, snapshotUnknown } from "../../snapshot-errors.ts";
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
      if (requireMachine(machine, reply).outcome === "taken")
        throw snapshotExists(machine.name, label);
    },
    async restore(label, operation, beforeChange: () => Promise<void>) {
      const tools = using(operation);
      const { labels } = requireMachine(machine, await ask(listCheckpoints, request, tools));
      if (!labels.includes(label)) throw snapshotUnknown(machine.name, label, labels);
      await beforeChange();
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
  if (outcome === "missing") throw snapshotUnknown(machine.name, label, labels);
}
