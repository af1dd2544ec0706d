import { join, parse } from "node:path";
import { spawnDetached } from "../../host/processes/spawn-detached.ts";
import { agentWord } from "./agent-word.ts";

export interface AgentStart {
  /** The store's folder. */
  readonly root: string;
  /** The machine's. */
  readonly name: string;
  readonly logPath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts the agent of a machine, by the program that was built: it goes on when this process has ended.
 * @throws TsmachineError PROGRAM_FAILED
 */
export async function spawnAgent({ root, name, logPath, environment }: AgentStart): Promise<void> {
  const program = join(import.meta.dirname, "main.cjs");
  await spawnDetached(process.execPath, [...smallHeap, program, agentWord, root, name], {
    // It must not keep a folder from being moved or unmounted.
    cwd: parse(root).root,
    // What the one before had to say stays, and two that begin at once do not write over each other.
    ...{ logPath, keepsLog: true },
    // What a user has Node do for the one command, such as to wait for a debugger, is not for it.
    environment: { ...environment, NODE_OPTIONS: undefined },
  });
}

/** Node's defaults are for programs that have much to do: they trade memory, a tenth of it, for speed. */
const smallHeap = ["--max-semi-space-size=1", "--max-old-space-size=32", "--no-opt"];
