import { join } from "node:path";
import * as z from "zod";
import { parseJson } from "../../bytes/parse-json.ts";
import { readTextIfPresent, removeFile, writeFileAtomic } from "../../host/files/files.ts";
import { lockHolder } from "../../host/locks/lock.ts";
import type { PublishedPort } from "./published-ports.ts";
import { keyOf } from "./published-ports.ts";
import type { ForwardProblems } from "./reconcile.ts";

/** Files of the agent, all in its machine's folder. */
export interface AgentFiles {
  /** Held by the agent as long as it runs. */
  readonly lock: string;
  /** What it has to say when asked; gone with it. */
  readonly notes: string;
  readonly log: string;
}

export function agentFiles(directory: string): AgentFiles {
  return {
    lock: join(directory, "agent.lock"),
    notes: join(directory, "agent.json"),
    log: join(directory, "agent.log"),
  };
}

const notesSchema = z.object({
  problems: z.array(z.object({ forward: z.string(), container: z.string(), problem: z.string() })),
});
export type AgentNotes = z.infer<typeof notesSchema>;

/** What the agent that runs has noted last; nothing when none runs: notes of one that was killed may not be true any more. */
export async function readAgentNotes({ lock, notes }: AgentFiles): Promise<AgentNotes> {
  if ((await lockHolder(lock)) === undefined) return { problems: [] };
  const result = notesSchema.safeParse(parseJson((await readTextIfPresent(notes)) ?? ""));
  return result.success ? result.data : { problems: [] };
}

export async function writeAgentNotes(files: AgentFiles, notes: AgentNotes): Promise<void> {
  await writeFileAtomic(files.notes, `${JSON.stringify(notes)}\n`, { life: "fleeting" });
}

export async function removeAgentNotes({ notes }: AgentFiles): Promise<void> {
  await removeFile(notes);
}

export function notesOf(ports: readonly PublishedPort[], problems: ForwardProblems): AgentNotes {
  return {
    problems: ports.flatMap(({ container, forward, problem: own }) => {
      const problem = own ?? problems.get(keyOf(forward));
      return problem === undefined ? [] : { forward: keyOf(forward), container, problem };
    }),
  };
}
