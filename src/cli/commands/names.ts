import type { Context } from "../../core/context.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** The machine that commands mean when none is named. */
export const defaultName = "default";

/**
 * The names that were given; "default" where none was and that machine exists.
 * @throws TsmachineError INVALID_INPUT
 */
export async function machineNames(
  { store }: Pick<Context, "store">,
  given: readonly string[],
): Promise<readonly string[]> {
  if (given.length > 0) return given;
  if ((await store.listMachineNames()).includes(defaultName)) return [defaultName];
  throw new TsmachineError(
    "INVALID_INPUT",
    `No machine name(s) specified and no "${defaultName}" machine exists`,
    { hints: ["name the machines; `tsmachine ls` lists them"] },
  );
}

/**
 * Does the same with every machine at once. When some fail, the others still come to their end;
 * then the first failure is thrown, after `onFailure` was told of every other one.
 */
export async function forEachMachine(
  names: readonly string[],
  action: (name: string) => Promise<void>,
  onFailure: (error: unknown) => void,
): Promise<void> {
  const results = await Promise.allSettled([...new Set(names)].map(action));
  const failures = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason] : [],
  );
  const [first, ...others] = failures;
  for (const other of others) onFailure(other);
  if (failures.length > 0) throw first;
}
