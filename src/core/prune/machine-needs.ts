import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type ImageLock, keyOf } from "../../iso/images/image-lock.ts";
import { parseAllLocks } from "../../iso/images/lock-file.ts";
import type { Store } from "../../store/open-store.ts";
import type { MachineRecord } from "../../store/record.ts";

export interface MachineNeeds {
  /** Keys of images. */
  readonly keys: readonly string[];
  readonly locks: readonly ImageLock[];
}

/** Why it cannot be known what a machine needs. */
export interface UnknownNeeds {
  readonly problem: string;
  readonly hints: readonly string[];
}

/** What the store's machines need of the cache; or, for each machine that does not say, why. */
export async function readMachineNeeds(
  store: Store,
): Promise<{ readonly needs: MachineNeeds; readonly unknown: readonly UnknownNeeds[] }> {
  const keys: string[] = [];
  const locks: ImageLock[] = [];
  const unknown: UnknownNeeds[] = [];
  for (const name of await store.listMachineNames()) {
    try {
      keys.push(...keysIn(await store.readMachine(name)));
      locks.push(...(await readLocks(store, name)));
    } catch (error) {
      if (!(error instanceof TsmachineError)) throw error;
      // It was removed just now, or is docker-machine's and boots none of our images.
      if (error.code === "MACHINE_NOT_FOUND" || error.code === "RECORD_FOREIGN") continue;
      unknown.push({ problem: error.message, hints: hintsOf(error, name) });
    }
  }
  return { needs: { keys: [...keys, ...locks.map(keyOf)], locks }, unknown };
}

function hintsOf({ code, hints }: TsmachineError, name: string): readonly string[] {
  return code === "LOCK_INVALID"
    ? [`put the file back from a copy, or remove the machine with \`tsmachine rm ${name}\``]
    : hints;
}

/** Whatever looks like a key in a record, by any name: records keep fields of other versions. */
function keysIn(record: MachineRecord): readonly string[] {
  return JSON.stringify(record).match(/(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])/g) ?? [];
}

async function readLocks(store: Store, name: string): Promise<readonly ImageLock[]> {
  const { imageLocks } = await store.readMachineFiles(name);
  if (imageLocks === undefined) return [];
  return parseAllLocks(imageLocks, store.machineLayout(name).imageLocks);
}
