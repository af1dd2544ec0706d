import { once } from "node:events";
import { withLock } from "../../../../src/host/locks/lock.ts";

// Argument: lock file. Prints "held", then holds the lock until its input ends.
const limits = { guards: "the lock", timeoutMs: 5_000, signal: new AbortController().signal };
await withLock(process.argv[2] ?? "", limits, async () => {
  process.stdout.write("held\n");
  process.stdin.resume();
  await once(process.stdin, "end");
});
