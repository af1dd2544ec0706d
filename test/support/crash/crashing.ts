import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { RunResult } from "../../../src/host/processes/run.ts";
import type { TestStore } from "../machines/tsmachine.ts";
import { bundleProgram } from "../run-typescript.ts";

/** Runs the command line and kills it, with SIGKILL, at a moment that is known. */
export interface Crashing extends AsyncDisposable {
  /**
   * Runs `tsmachine ARGS…`, to be killed right after one of its changes: that number, counted from 1,
   * or the first with that line. A folder's or file's change is the name of the function with its
   * path, as "rename store/machines/dev"; a record's has what it says, as " (creating: engine)".
   */
  run(
    store: TestStore,
    args: readonly string[],
    options: { readonly killAfter: number | string },
  ): Promise<Crash>;
}

export interface Crash extends RunResult {
  /** False: it came to its end before. */
  readonly wasKilled: boolean;
  /** All that were made, in order. */
  readonly changes: readonly string[];
}

const killed = 128 + 9;

/**
 * Calls `attempt` with 1, 2, 3 and so on, for a command to be killed after that many changes, until
 * one has come to its end before; some at the same time. Gives how many were killed.
 * @param step 2 leaves out every other change, where each takes long and another test has all of them
 */
export async function atEveryChange(
  attempt: (killAfter: number) => Promise<Crash>,
  step = 1,
): Promise<number> {
  let last = 1 - step;
  let killCount = 0;
  let isOver = false;
  const work = async () => {
    while (!isOver) {
      last += step;
      if ((await attempt(last)).wasKilled) killCount += 1;
      else isOver = true;
    }
  };
  await Promise.all([work(), work(), work()]);
  return killCount;
}

export async function openCrashing(): Promise<Crashing> {
  const hook = await bundleProgram(new URL("die-after-change.ts", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "tsmachine-crash-"));
  return {
    async run(store, args, { killAfter }) {
      const log = join(await mkdtemp(join(folder, "run-")), "changes");
      const words = args.map((word) => `'${word}'`).join(" ");
      const result = await store.shell(`tsmachine ${words}; exit $?`, {
        environment: {
          NODE_OPTIONS: `--import ${hook.path}`,
          ...{ CRASH_ROOT: dirname(store.path), CRASH_LOG: log, CRASH_AFTER: String(killAfter) },
        },
      });
      const text = await readFile(log, "utf8").catch(() => "");
      return {
        ...result,
        wasKilled: result.exitCode === killed,
        changes: text.split("\n").filter(Boolean),
      };
    },
    async [Symbol.asyncDispose]() {
      await hook[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
