import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export interface NodeRun {
  /** Arguments of Node: its own options, the script, the script's arguments. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const timeoutMs = 15 * 60_000;

/**
 * Runs Node to its end and gives back how many seconds that took, from before the process is made
 * until it has ended.
 * @throws Error with what it printed to stderr when it fails.
 */
export async function timeNode({ args, environment, signal }: NodeRun): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    killSignal: "SIGTERM",
  });
  const messages = text(child.stderr);
  child.stdout.resume();
  const [exitCode] = await once(child, "exit");
  const seconds = (performance.now() - startedAt) / 1000;
  if (exitCode !== 0) throw new Error(`node ${args.join(" ")} failed:\n${await messages}`);
  return seconds;
}
