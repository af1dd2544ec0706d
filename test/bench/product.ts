import { join } from "node:path";
import { run } from "../../src/host/processes/run.ts";
import { peakMemoryHook, readPeakMB } from "./measure/peak-memory.ts";
import { timeNode } from "./measure/time-node.ts";

export interface ProductOptions {
  /** The package's folder, with the built program in it. */
  readonly packageFolder: string;
  readonly storagePath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** The built tsmachine, run as users run it, with a store of the benchmark's own. */
export interface Product {
  /** Seconds. */
  time(...args: string[]): Promise<number>;
  /** Seconds of a command that needs no network: without NODE_EXTRA_CA_CERTS, as timeBareNode. */
  timeAlone(...args: string[]): Promise<number>;
  /** The hook for the peak costs milliseconds: for short commands, time them without it. */
  timeWithPeak(...args: string[]): Promise<{ seconds: number; peakMB: number }>;
  /** What it prints to stdout. */
  read(...args: string[]): Promise<string>;
  /**
   * Seconds that Node itself takes, with nothing to do. At each start it would read and parse all certificates of the
   * file that NODE_EXTRA_CA_CERTS names: those of a whole system, 144 on Debian, take as long as half of the rest.
   */
  timeBareNode(): Promise<number>;
  /** Removes machines with all they have, also after an interruption. */
  remove(names: readonly string[]): Promise<void>;
}

const removalTimeoutMs = 120_000;
const buildTimeoutMs = 15 * 60_000;

export function createProduct(options: ProductOptions): Product {
  const { packageFolder, storagePath, signal } = options;
  const program = join(packageFolder, "bin/tsmachine");
  const peakPath = join(storagePath, "peak");
  const hook = peakMemoryHook(peakPath);
  const environment = {
    ...options.environment,
    // `env` chooses its syntax by it; a CI job may lack it.
    SHELL: "/bin/sh",
    TSMACHINE_STORAGE_PATH: storagePath,
  };
  const alone = { ...environment, NODE_EXTRA_CA_CERTS: undefined };
  return {
    time: (...args) => timeNode({ args: [program, ...args], environment, signal }),
    timeAlone: (...args) => timeNode({ args: [program, ...args], environment: alone, signal }),
    async timeWithPeak(...args) {
      const seconds = await timeNode({
        args: [...hook.nodeArguments, program, ...args],
        environment: { ...environment, ...hook.environment },
        signal,
      });
      return { seconds, peakMB: await readPeakMB(peakPath) };
    },
    async read(...args) {
      const options = { environment, signal, timeoutMs: buildTimeoutMs };
      return (await run(process.execPath, [program, ...args], options)).stdout;
    },
    timeBareNode: () => timeNode({ args: ["-e", "0"], environment: alone, signal }),
    async remove(names) {
      const args = [program, "rm", "-f", "-y", ...names];
      await timeNode({ args, environment, signal: AbortSignal.timeout(removalTimeoutMs) });
    },
  };
}
