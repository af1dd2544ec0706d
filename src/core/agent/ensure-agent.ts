import { messageOf } from "../../errors/message-of.ts";
import { removeFile } from "../../host/files/files.ts";
import { lockHolder } from "../../host/locks/lock.ts";
import type { Context } from "../context.ts";
import type { OpenMachine } from "../machine/open-machine.ts";
import { agentFiles } from "./agent-files.ts";

/**
 * Starts the agent of a machine that runs, unless it has one, or needs none. Does not wait for it: one
 * that finds another at work ends by itself. Its failure is no reason for a command to fail.
 * @param beginsLog true: what agents had to say before goes
 */
export async function ensureAgent(
  { store, spawnAgent, warn }: Pick<Context, "store" | "spawnAgent" | "warn">,
  { record: { name }, instance }: OpenMachine,
  { beginsLog = false }: { readonly beginsLog?: boolean } = {},
): Promise<void> {
  if (instance.forwards === undefined) return;
  const { lock, log } = agentFiles(store.machineLayout(name).directory);
  if ((await lockHolder(lock)) !== undefined) return;
  try {
    if (beginsLog) await removeFile(log);
    await spawnAgent(name, log);
  } catch (error) {
    warn(`published ports of machine "${name}" do not open: ${messageOf(error)}`);
  }
}
