import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { withLock } from "../../../../src/host/locks/lock.ts";

// Arguments: lock file, counter file, number of increments. Fails if it is ever not alone.
const [lock = "", counter = "", times = "1"] = process.argv.slice(2);
const limits = { guards: "the counter", timeoutMs: 20_000, signal: new AbortController().signal };

for (let round = 0; round < Number(times); round += 1) {
  await withLock(lock, limits, async () => {
    await mkdir(`${counter}.occupied`);
    const value = Number(await readFile(counter, "utf8"));
    await writeFile(counter, String(value + 1));
    await rmdir(`${counter}.occupied`);
  });
}
