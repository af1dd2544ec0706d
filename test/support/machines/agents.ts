import { readFile } from "node:fs/promises";
import { agentWord } from "../../../src/cli/agent/agent-word.ts";
import { findProcessesWithArguments } from "../../../src/host/processes/find-processes.ts";
import type { ProcessIdentity } from "../../../src/host/processes/process-identity.ts";
import type { TestMachine } from "./machine.ts";

interface RunningAgent {
  readonly identity: ProcessIdentity;
  readonly residentBytes: number;
}

/** The agents of a machine that run, of which there should be one at most. Reads /proc. */
export async function agentsOf({ store, name }: TestMachine): Promise<readonly RunningAgent[]> {
  const words = [agentWord, store.path, name];
  const found = await findProcessesWithArguments(words, "linux", AbortSignal.timeout(10_000));
  return Promise.all(
    found.map(async (identity) => {
      const status = await readFile(`/proc/${identity.pid}/status`, "utf8");
      const residentKiB = Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]);
      return { identity, residentBytes: residentKiB * 1024 };
    }),
  );
}
