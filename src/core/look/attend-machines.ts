import { sleep } from "../../host/sleep.ts";
import type { Context } from "../context.ts";

export interface Attending {
  /** All machines there are when undefined, also those that appear later. */
  readonly names: readonly string[] | undefined;
  /** How often new machines are looked for. */
  readonly everyMs: number;
}

/** Of one machine, until it is gone; `isNew` where it has appeared later. It ends soon after the signal. */
export type Attend = (
  name: string,
  found: { readonly isNew: boolean; readonly signal: AbortSignal },
) => Promise<void>;

/**
 * Attends to machines all at once, each by itself, so that one that hangs makes nobody wait. It has no end of its own.
 * @throws the signal's reason; what `attend` throws, once the others have ended too
 */
export async function attendMachines(
  { store, signal }: Pick<Context, "store" | "signal">,
  { names, everyMs }: Attending,
  attend: Attend,
): Promise<never> {
  const own = new AbortController();
  const either = AbortSignal.any([signal, own.signal]);
  const attended = new Map<string, Promise<void>>();
  let isNew = false;
  try {
    for (;;) {
      const present = await store.listMachineNames();
      for (const name of names?.filter((one) => present.includes(one)) ?? present) {
        if (attended.has(name)) continue;
        const attending = attend(name, { isNew, signal: either }).then(
          () => void attended.delete(name),
          (error) => own.abort(error),
        );
        attended.set(name, attending);
      }
      isNew = true;
      await sleep(everyMs, either);
    }
  } finally {
    own.abort();
    await Promise.all(attended.values());
  }
}
