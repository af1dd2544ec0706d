import { readConsoleTail } from "../console.ts";
import type { Instance, MachinePlaces, Operation } from "../provider.ts";
import { endpointOf } from "./machine/address.ts";
import { checkpointsOf } from "./machine/checkpoints.ts";
import { createInstance } from "./machine/create.ts";
import { powerOf } from "./machine/power.ts";
import { removeInstance } from "./machine/remove.ts";
import { startInstance } from "./machine/start.ts";
import { powerOffInstance, saveInstance, shutDownInstance } from "./machine/stop.ts";
import type { Tools } from "./powershell/ask.ts";
import { type HyperVRecord, pathOf, placeMachine } from "./record.ts";
import type { HyperVWorld } from "./world.ts";

/** A machine that Hyper-V runs. */
export function openHyperVInstance(
  record: HyperVRecord,
  places: MachinePlaces,
  world: HyperVWorld,
): Instance {
  const machine = placeMachine(record, places);
  const using = ({ signal }: Operation): Tools => ({ world, signal, machineName: record.name });
  return {
    create: (operation) => createInstance(machine, record, using(operation)),
    remove: (operation) => removeInstance(machine, using(operation)),
    async start(operation) {
      await startInstance(machine, { tools: using(operation), operation });
      return record;
    },
    stop: (how, operation) =>
      how === "shutdown"
        ? shutDownInstance(machine, using(operation))
        : powerOffInstance(machine, using(operation)),
    power: (operation) => powerOf(machine, using(operation)),
    endpoint: (operation) => endpointOf(machine, using(operation)),
    consoleTail: (lines) => readConsoleTail(pathOf(machine, "consoleLog"), lines),
    files: { consoleLog: pathOf(machine, "consoleLog") },
    suspension: { suspend: (operation) => saveInstance(machine, using(operation)) },
    snapshots: checkpointsOf(machine, using),
  };
}
