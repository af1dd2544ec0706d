import type { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { SnapshotCommands } from "../control.ts";
import { longMs, mergeMs } from "../patience.ts";
import type { VBoxManage } from "./call.ts";
import { parseSnapshots } from "./machine-readable.ts";

export function snapshotCommands({ call }: VBoxManage): SnapshotCommands {
  const snapshot = (uuid: string, words: readonly string[], timeoutMs = longMs) =>
    call(["snapshot", uuid, ...words], { timeoutMs });
  return {
    async listSnapshots(uuid) {
      try {
        return parseSnapshots(await snapshot(uuid, ["list", "--machinereadable"]));
      } catch (error) {
        if (hasNoSnapshots(error)) return [];
        throw error;
      }
    },
    takeSnapshot: async (uuid, label) => {
      await snapshot(uuid, ["take", label]);
    },
    restoreSnapshot: async (uuid, which) => {
      await snapshot(uuid, ["restore", which]);
    },
    deleteSnapshot: async (uuid, which) => {
      await snapshot(uuid, ["delete", which], mergeMs);
    },
  };
}

function hasNoSnapshots(error: unknown): error is TsmachineError {
  return error instanceof Error && error.message.includes("does not have any snapshots");
}
