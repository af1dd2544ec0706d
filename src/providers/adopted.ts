import { TsmachineError } from "../errors/tsmachine-error.ts";
import type { Capabilities, Endpoint, Instance, Json, Operation, PowerState } from "./provider.ts";

/** What providers can do whose hosts are somebody else's. */
export const adoptedCapabilities: Capabilities = {
  ownsInstance: false,
  bootsIso: false,
  suspension: false,
  snapshots: false,
  forwards: false,
  dynamicEndpoint: false,
  parallel: true,
};

/** A host that is there without tsmachine: it is looked at, and nothing is ever done to it. */
export function openAdopted({
  record,
  endpoint,
  power,
}: {
  readonly record: Json;
  readonly endpoint: Endpoint;
  power(operation: Operation): Promise<PowerState>;
}): Instance {
  return {
    create: async () => record,
    remove: async () => {},
    async start(operation) {
      operation.signal.throwIfAborted();
      if ((await power(operation)) === "running") return record;
      throw cannotChange("started");
    },
    async stop(_how, operation) {
      if ((await power(operation)) !== "stopped") throw cannotChange("stopped");
    },
    power,
    endpoint: async () => endpoint,
    consoleTail: async () => [],
    files: {},
  };
}

function cannotChange(change: string): TsmachineError {
  return new TsmachineError("CAPABILITY_MISSING", `hosts without a driver cannot be ${change}`, {
    hints: ["do it on the host itself: tsmachine only knows the way to it"],
  });
}
