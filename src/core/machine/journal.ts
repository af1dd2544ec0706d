import type { MachineRecord } from "../../store/record.ts";

/**
 * What creating a machine goes through once its record is there, in this order. The record names a
 * stage before anything of it is done, so that it tells of an interrupted creation how far it came.
 */
export const creationStages = [
  "instance",
  "seed image",
  "power-on",
  "engine",
  "docker context",
] as const;

/** What removing a machine goes through, until its folder vanishes as a whole. */
export const removalStages = ["instance", "docker context"] as const;

/** The record when its creation comes to that stage; unchanged when nothing is being created. */
export function atStage(
  record: MachineRecord,
  stage: (typeof creationStages)[number],
): MachineRecord {
  return record.phase === "creating" ? { ...record, stage } : record;
}

/** The record when its removal comes to that stage. */
export function removingAt(
  record: MachineRecord,
  stage: (typeof removalStages)[number],
): MachineRecord {
  return { ...record, phase: "removing", stage };
}

/** The record of a machine that nothing is being done to. */
export function settled({ stage: _, ...record }: MachineRecord): MachineRecord {
  return { ...record, phase: "ready" };
}
