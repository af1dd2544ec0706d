import type { Context } from "../context.ts";
import type { Candidate } from "./candidates.ts";
import { driverNamesOf } from "./driver-name.ts";
import { swarmMasterOf, swarmMastersOf } from "./swarm.ts";

/** A machine passes each list that is empty or has something that fits it; case makes no difference. */
export interface MachineFilters {
  readonly names: readonly RegExp[];
  /** Ids or aliases. */
  readonly drivers: readonly string[];
  readonly states: readonly string[];
  /** Names of masters. */
  readonly swarms: readonly string[];
  readonly labels: readonly Label[];
}

/** Without a value any will do. */
export interface Label {
  readonly key: string;
  readonly value: string | undefined;
}

export const noFilters: MachineFilters = {
  ...{ names: [], drivers: [], states: [], swarms: [], labels: [] },
};

/** Those that pass, as far as records tell: states must be asked for. */
export async function filterCandidates(
  context: Pick<Context, "providers">,
  candidates: readonly Candidate[],
  { names, drivers, swarms, labels }: MachineFilters,
): Promise<Candidate[]> {
  // Loaded only where they are needed: it takes a while.
  const providers = drivers.length > 0 ? await context.providers() : [];
  const masters = swarmMastersOf(candidates);
  return candidates.filter((candidate) => {
    const { name, record } = candidate;
    const ofProvider = record === undefined ? [] : driverNamesOf(providers, record);
    const given = (record?.engine?.labels ?? []).map(parseLabel);
    const master = swarmMasterOf(candidate, masters);
    return (
      passes(names, (pattern) => pattern.test(name)) &&
      passes(drivers, (driver) => ofProvider.some((one) => isSame(one, driver))) &&
      passes(swarms, (swarm) => master !== undefined && isSame(master, swarm)) &&
      passes(labels, (label) => given.some((one) => fits(one, label)))
    );
  });
}

export function passesStates({ states }: Pick<MachineFilters, "states">, status: string): boolean {
  return passes(states, (state) => isSame(state, status));
}

/** "key=value" or "key". */
export function parseLabel(text: string): Label {
  const [key = "", ...rest] = text.split("=");
  return { key, value: rest.length === 0 ? undefined : rest.join("=") };
}

function fits(label: Label, wanted: Label): boolean {
  if (label.key !== wanted.key) return false;
  return wanted.value === undefined || isSame(label.value ?? "", wanted.value);
}

function passes<T>(wanted: readonly T[], isFitting: (one: T) => boolean): boolean {
  return wanted.length === 0 || wanted.some(isFitting);
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
