import { once } from "node:events";
import type { Writable } from "node:stream";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { readLog } from "../../host/files/read-log.ts";
import { agentFiles } from "../agent/agent-files.ts";
import type { Context } from "../context.ts";
import { readStatus } from "../machine/look.ts";
import { type OpenMachine, openMachine } from "../machine/open-machine.ts";
import { copyEngineLog } from "./engine-log.ts";

/** Whose log: the guest's console, the engine in the guest, or the machine's agent on this host. */
export type LogKind = "console" | "engine" | "agent";

export interface LogRequest {
  /** Undefined: that of the engine where the machine runs, else the console. */
  readonly kind: LogKind | undefined;
  /** How many of the last lines; all when undefined. */
  readonly lines: number | undefined;
  /** Whether to go on with what is written later, until the machine is gone or, of an engine, off. */
  readonly isFollowed: boolean;
}

/**
 * Copies a log of the machine into the stream, byte for byte. The stream stays open.
 * @throws TsmachineError CAPABILITY_MISSING where nobody keeps such a log; those of openMachine and copyEngineLog; the
 *   signal's reason
 */
export async function copyLog(
  context: Context,
  name: string,
  { request, sink }: { readonly request: LogRequest; readonly sink: Writable },
): Promise<void> {
  const machine = await openMachine(context, name);
  const kind = request.kind ?? (await usualKind(context, machine));
  if (kind === "engine") return copyEngineLog(context, name, { reading: request, sink });
  const path = kind === "console" ? consoleLogOf(machine) : agentLogOf(context, machine);
  const { signal } = context;
  for await (const bytes of readLog(path, { ...request, signal })) {
    if (!sink.write(bytes)) await once(sink, "drain", { signal });
  }
}

async function usualKind(context: Context, machine: OpenMachine): Promise<LogKind> {
  return (await readStatus(context, machine)).status === "Running" ? "engine" : "console";
}

function consoleLogOf({ record: { name, provider }, instance }: OpenMachine): string {
  const { consoleLog } = instance.files;
  if (consoleLog !== undefined) return consoleLog;
  throw notKept(name, `provider ${provider.id} keeps no log of a console`);
}

function agentLogOf({ store }: Context, { record, instance }: OpenMachine): string {
  const { name, provider } = record;
  if (instance.forwards !== undefined) return agentFiles(store.machineLayout(name).directory).log;
  throw notKept(name, `machines of provider ${provider.id} need no agent`);
}

function notKept(name: string, why: string): TsmachineError {
  return new TsmachineError("CAPABILITY_MISSING", `machine "${name}" has no such log: ${why}`, {
    hints: [`read its engine's with \`tsmachine logs --engine ${name}\``],
    context: { name },
  });
}
