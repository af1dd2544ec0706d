import type { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { readTextIfPresent } from "../../../host/files/files.ts";
import type { SnapshotCommands } from "../control.ts";
import { longMs, memoryMs, mergeMs } from "../patience.ts";
import { isBranched, oldestFirst } from "../snapshot-tree.ts";
import type { VBoxManage } from "./call.ts";
import { parseFolders, parseSnapshots } from "./machine-readable.ts";

export function snapshotCommands({ call }: VBoxManage): SnapshotCommands {
  const snapshot = (uuid: string, words: readonly string[], timeoutMs = longMs) =>
    call(["snapshot", uuid, ...words], { timeoutMs });
  /** VBoxManage does not tell them, but the settings file does. */
  const readTimes = async (uuid: string) => {
    const { settingsFile } =
      parseFolders(await call(["showvminfo", uuid, "--machinereadable"])) ?? {};
    const settings = settingsFile === undefined ? undefined : await readTextIfPresent(settingsFile);
    return parseSnapshotTimes(settings ?? "");
  };
  return {
    async listSnapshots(uuid) {
      try {
        const tree = parseSnapshots(await snapshot(uuid, ["list", "--machinereadable"]));
        return isBranched(tree) ? oldestFirst(tree, await readTimes(uuid)) : tree;
      } catch (error) {
        if (hasNoSnapshots(error)) return [];
        throw error;
      }
    },
    takeSnapshot: async (uuid, label) => {
      await snapshot(uuid, ["take", label], memoryMs);
    },
    restoreSnapshot: async (uuid, which) => {
      await snapshot(uuid, ["restore", which], memoryMs);
    },
    deleteSnapshot: async (uuid, which) => {
      await snapshot(uuid, ["delete", which], mergeMs);
    },
  };
}

/**
 * Milliseconds of Unix time, in whole seconds, by UUID: `<Snapshot uuid="{UUID}" name="a" timeStamp="2026-01-02T03:04:05Z">`
 * of VirtualBox-settings.xsd.
 */
function parseSnapshotTimes(settings: string): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const [element] of settings.matchAll(/<Snapshot\s[^>]*>/g)) {
    const [, uuid] = /\suuid="\{([0-9a-f-]{36})\}"/i.exec(element) ?? [];
    const [, time = ""] = /\stimeStamp="([^"]*)"/.exec(element) ?? [];
    const ms = Date.parse(time);
    if (uuid !== undefined && !Number.isNaN(ms)) times.set(uuid.toLowerCase(), ms);
  }
  return times;
}

function hasNoSnapshots(error: unknown): error is TsmachineError {
  return error instanceof Error && error.message.includes("does not have any snapshots");
}
