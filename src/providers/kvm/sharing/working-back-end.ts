import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { run } from "../../../host/processes/run.ts";
import type { Operation, SharedFolder } from "../../provider.ts";
import type { KvmWorld } from "../world.ts";
import { type BackEndChoice, chooseBackEnd } from "./back-end.ts";
import { endVirtiofsds, startVirtiofsds } from "./virtiofsd.ts";

export interface BackEndWish {
  readonly world: KvmWorld;
  /** Path of virtiofsd, as the record has it; then there is no other back end. */
  readonly virtiofsd: string | null;
  readonly folders: readonly SharedFolder[];
}

/** Long enough for any trial. */
const trialSeconds = 30;

/**
 * virtiofs where it serves the folders, else 9p. That is tried, because what virtiofsd needs of a host, such as user
 * namespaces, is not seen from outside.
 * @throws TsmachineError those of chooseBackEnd; FOLDER_FAILED when the virtiofsd that was given does not serve them
 */
export async function workingBackEnd(
  { world, virtiofsd, folders }: BackEndWish,
  operation: Operation,
): Promise<BackEndChoice> {
  const choice = await chooseBackEnd(world, virtiofsd);
  if (choice.kind === "9p") return choice;
  const directory = await mkdtemp(join(world.temporaryDirectory, "tsmachine-"));
  const machine = { directory, uuid: randomUUID(), name: "default" };
  try {
    const { program } = choice;
    const service = { world, program, folders, lifetimeSeconds: trialSeconds };
    await startVirtiofsds(machine, service, operation);
    await endVirtiofsds(machine, world, operation);
    return choice;
  } catch (error) {
    operation.signal.throwIfAborted();
    if (!(error instanceof TsmachineError) || virtiofsd !== null) throw error;
    operation.report(`virtiofsd does not serve folders here, 9p does: ${error.message}`);
    return { kind: "9p" };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The first that can be suspended, by its change log. */
const leastMinor = 11;

/** Whether a machine with its folders can be suspended. */
export async function isSuspendable(
  program: string,
  { environment }: Pick<KvmWorld, "environment">,
  { signal }: Operation,
): Promise<boolean> {
  const asked = { environment, signal, timeoutMs: 10_000, acceptExitCodes: "all" } as const;
  const { stdout } = await run(program, ["--version"], asked);
  const [, major, minor] = /virtiofsd (\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= leastMinor);
}
