import { isDeepStrictEqual } from "node:util";
import type { MachineRecord } from "../../store/record.ts";
import type { Status } from "../machine/status.ts";
import type { MachineView } from "./machine-view.ts";

/** What has become of a machine, in one word. */
export type MachineEventKind =
  | "creating"
  | "created"
  | "starting"
  | "started"
  | "stopping"
  | "stopped"
  | "paused"
  | "suspended"
  | "failed"
  | "moved"
  | "provisioned"
  | "resized"
  | "upgraded"
  | "port-opened"
  | "port-closed"
  | "removing"
  | "removed";

export interface MachineChange {
  readonly kind: MachineEventKind;
  /** Why, where, or how much; empty where the kind says it all. */
  readonly detail: string;
}

/**
 * What must have become of a machine between two looks at it, in the order in which that happens. Undefined is a machine
 * that there is not: one that was gone before its creation had ended has failed.
 */
export function changesBetween(
  before: MachineView | undefined,
  after: MachineView | undefined,
): readonly MachineChange[] {
  if (after === undefined) {
    if (before === undefined) return [];
    return before.record?.phase === "creating"
      ? [change("failed", "its creation was undone")]
      : [change("removed")];
  }
  return [
    ...ofLife(before, after),
    ...(before === undefined ? [] : ofRecord(before, after)),
    ...ofPower(before, after),
    ...ofPorts(before, after),
  ];
}

function ofLife(before: MachineView | undefined, after: MachineView): MachineChange[] {
  const [former, phase] = [before?.record?.phase, after.record?.phase];
  if (phase === undefined || phase === former) return [];
  // A machine whose record could not be read a moment ago is none that was made.
  if (before !== undefined && former === undefined) return [];
  if (phase === "removing") return [change("removing")];
  return [change(phase === "creating" ? "creating" : "created")];
}

function ofRecord(before: MachineView, after: MachineView): MachineChange[] {
  const [former, record] = [before.record, after.record];
  if (former === undefined || record === undefined || record.phase !== "ready") return [];
  if (former.phase !== "ready") return [];
  const changes = ofUpgrade(former, record);
  const { endpoint } = record;
  if (!isDeepStrictEqual(former.engine, record.engine)) changes.push(change("provisioned"));
  if (endpoint !== undefined && !isDeepStrictEqual(former.endpoint, endpoint)) {
    const { address, dockerPort, engineUrl } = endpoint;
    changes.push(change("moved", engineUrl ?? `${address}:${dockerPort}`));
  }
  if (before.sizes && after.sizes && !isDeepStrictEqual(before.sizes, after.sizes)) {
    const { memoryMiB, cpuCount, diskSizeMiB } = after.sizes;
    const sizes = `${memoryMiB} MiB of memory, ${cpuCount} processors, a disk of ${diskSizeMiB} MiB`;
    changes.push(change("resized", sizes));
  }
  return changes;
}

/** The image of an upgrade that goes on is not the machine's own yet. */
function ofUpgrade(former: MachineRecord, record: MachineRecord): MachineChange[] {
  const engine = record.images?.engine;
  if (record.upgrade !== undefined) return [];
  if (former.upgrade !== undefined && former.upgrade.from === engine) {
    return [change("failed", "its upgrade was undone")];
  }
  const isOther = former.upgrade !== undefined || former.images?.engine !== engine;
  return isOther ? [change("upgraded", engine)] : [];
}

const kinds: Readonly<Partial<Record<Status, MachineEventKind>>> = {
  ...{ Starting: "starting", Running: "started", Stopping: "stopping", Stopped: "stopped" },
  ...{ Paused: "paused", Saved: "suspended" },
};

/** While a machine is made or removed its phase says all, except that it was switched on. */
function ofPower(before: MachineView | undefined, after: MachineView): MachineChange[] {
  const { status, problem, record } = after;
  if (status === before?.status && problem === before.problem) return [];
  if (record?.phase === "creating" || record?.phase === "removing") {
    return status === "Starting" && before?.status !== status ? [change("starting")] : [];
  }
  if (status === "Error") return [change("failed", problem)];
  const kind = kinds[status];
  return kind === undefined || status === before?.status ? [] : [change(kind)];
}

/** Ports of a machine that is off go with it, and are told of no more. */
function ofPorts(before: MachineView | undefined, after: MachineView): MachineChange[] {
  if (after.ports === undefined) return [];
  const [former, now] = [new Set(before?.ports), new Set(after.ports)];
  return [
    ...[...former].filter((port) => !now.has(port)).map((port) => change("port-closed", port)),
    ...[...now].filter((port) => !former.has(port)).map((port) => change("port-opened", port)),
  ];
}

function change(kind: MachineEventKind, detail = ""): MachineChange {
  return { kind, detail };
}
