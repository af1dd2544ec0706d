import { once } from "node:events";
import { withLease } from "../../../../src/host/locks/leases.ts";

// Argument: folder. Prints "held", then holds a lease until its input ends.
const limits = { guards: "the leases", timeoutMs: 5_000, signal: new AbortController().signal };
await withLease(process.argv[2] ?? "", limits, async () => {
  process.stdout.write("held\n");
  process.stdin.resume();
  await once(process.stdin, "end");
});
