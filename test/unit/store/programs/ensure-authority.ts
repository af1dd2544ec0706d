import { openStore } from "../../../../src/store/open-store.ts";

// Argument: the store's folder. Prints the authority it got; its own would be named by its pid.
const limits = { timeoutMs: 20_000, signal: new AbortController().signal };
const own = `made by ${process.pid}`;
const files = await openStore(process.argv[2] ?? "").ensureAuthority(
  async () => ({ ca: own, caKey: own, certificate: own, key: own }),
  limits,
);
process.stdout.write(JSON.stringify(files));
