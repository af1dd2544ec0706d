import { readFile } from "node:fs/promises";
import * as z from "zod";

const pathVariable = "TSMACHINE_BENCH_PEAK_FILE";

/** What makes a Node process write its peak memory to `path` when it ends. */
export function peakMemoryHook(path: string): {
  readonly nodeArguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
} {
  return {
    nodeArguments: ["--import", `data:text/javascript,${encodeURIComponent(hook)}`],
    environment: { [pathVariable]: path },
  };
}

/** In MB (10^6 bytes). */
export async function readPeakMB(path: string): Promise<number> {
  const bytes = z.coerce
    .number()
    .positive()
    .parse(await readFile(path, "utf8"));
  return bytes / 1e6;
}

// Linux counts getrusage(2)'s maxRSS from before exec, when the process was a copy of this one;
// VmHWM of proc_pid_status(5) begins with the program.
const hook = `
import { readFileSync, writeFileSync } from "node:fs";
function peakBytes() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\\s*(\\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
}
process.on("exit", () => writeFileSync(process.env.${pathVariable}, String(peakBytes())));
`;
