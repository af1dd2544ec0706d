import { join } from "node:path";
import { execPath } from "node:process";
import { messageOf } from "../../src/errors/message-of.ts";
import { run } from "../../src/host/processes/run.ts";

const timeoutMs = 120_000;

/**
 * Writes the code cache of the Node.js that runs this. The program works without: when it cannot be
 * made, a warning says so.
 */
export async function makeCodeCache(packageFolder: string, bundlePath: string): Promise<void> {
  try {
    // V8 takes no code that was compiled with other flags than it has.
    const environment = { NODE_OPTIONS: undefined };
    const args = [join(packageFolder, "scripts/code-cache.mjs"), bundlePath];
    await run(execPath, args, { cwd: packageFolder, environment, timeoutMs });
  } catch (error) {
    console.error(`tsmachine: warning: commands start slower: no code cache: ${messageOf(error)}`);
  }
}
