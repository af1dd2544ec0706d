import { stat } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../../errors/system-error.ts";
import { namesIn } from "../../host/files/names-in.ts";
import type { GarbageSearch } from "./find-garbage.ts";
import { type Garbage, garbageAt } from "./garbage.ts";

/** What suites offered: all but the newest of each suite, or everything. */
export async function findOutdatedOffers(
  cacheDirectory: string,
  extent: GarbageSearch["extent"],
): Promise<readonly Garbage[]> {
  const directory = join(cacheDirectory, "offers");
  const found: { readonly suite: string; readonly path: string; readonly modifiedMs: number }[] =
    [];
  for (const name of await namesIn(directory)) {
    const [, suite] = /^(.+)-[0-9a-f]{64}\.json$/.exec(name) ?? [];
    if (suite === undefined) continue;
    const path = join(directory, name);
    found.push({ suite, path, modifiedMs: await modifiedMsOf(path) });
  }
  const oldestFirst = found.toSorted((a, b) => a.modifiedMs - b.modifiedMs);
  const newestOf = new Map(oldestFirst.map((offers) => [offers.suite, offers]));
  const garbage = found.filter(
    (offers) => extent === "everything" || newestOf.get(offers.suite) !== offers,
  );
  return Promise.all(garbage.map(({ path }) => garbageAt("offers", path)));
}

/** What disappears meanwhile is the oldest. */
async function modifiedMsOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return 0;
    throw error;
  }
}
