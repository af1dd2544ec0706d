// Usage: node unpack-bomb.mjs PACKAGE SPOOL MAX_BYTES
// Unpacks a package and prints JSON: how it ended, and this process's peak memory.
import { readFileSync } from "node:fs";
import { TsmachineError } from "../../../../../src/errors/tsmachine-error.ts";
import { unpackDeb } from "../../../../../src/iso/unpack/unpack-deb.ts";

const [path = "", spoolPath = "", maxBytes = ""] = process.argv.slice(2);
const { signal } = new AbortController();
let message = "unpacked";
try {
  await unpackDeb({ path, spoolPath, maxUnpackedBytes: Number(maxBytes), signal });
} catch (error) {
  if (!(error instanceof TsmachineError)) throw error;
  message = error.message;
}
process.stdout.write(`${JSON.stringify({ message, peakMB: peakBytes() / 1e6 })}\n`);

/** Linux counts maxRSS of getrusage(2) from before exec; VmHWM begins with the program. */
function peakBytes(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const [, kiB] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kiB) * 1024;
}
