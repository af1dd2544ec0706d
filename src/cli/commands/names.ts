import type { Context } from "../../core/context.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { machineNotFound } from "../../store/machines.ts";

/** The machine that commands mean when none is named. */
export const defaultName = "default";

/**
 * The name that was given; "default" where none was and that machine exists.
 * @throws TsmachineError NAME_MISSING
 */
export async function machineName(
  { store }: Pick<Context, "store">,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined) return given;
  if ((await store.listMachineNames()).includes(defaultName)) return defaultName;
  throw new TsmachineError(
    "NAME_MISSING",
    `No machine name(s) specified and no "${defaultName}" machine exists`,
    { hints: ["name the machines; `tsmachine ls` lists them"] },
  );
}

/**
 * The names that were given, all of which exist; "default" where none was and that machine exists.
 * @throws TsmachineError NAME_MISSING, MACHINE_NOT_FOUND; an AggregateError of several of them.
 */
export async function machineNames(
  context: Pick<Context, "store">,
  given: readonly string[],
): Promise<readonly string[]> {
  if (given.length === 0) return [await machineName(context, undefined)];
  const existing = await context.store.listMachineNames();
  throwAll(given.filter((name) => !existing.includes(name)).map(machineNotFound));
  return given;
}

/**
 * Does the same with every machine at once. When some fail, the others still come to their end.
 * @throws what `action` threw; an AggregateError when it was several times.
 */
export async function forEachMachine(
  names: readonly string[],
  action: (name: string) => Promise<void>,
): Promise<void> {
  const results = await Promise.allSettled([...new Set(names)].map(action));
  throwAll(results.flatMap((result) => (result.status === "rejected" ? [result.reason] : [])));
}

function throwAll(failures: readonly unknown[]): void {
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, "several machines failed");
}
