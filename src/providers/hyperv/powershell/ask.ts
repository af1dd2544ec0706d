import type { Json } from "../../provider.ts";
import type { Script } from "../scripts/script.ts";
import type { HyperVWorld } from "../world.ts";
import { readEnvelope } from "./envelope.ts";
import { hyperVFailed, isTimeout, noAnswer, tooSlow } from "./failure.ts";
import { programText } from "./program.ts";

/** What every operation on a machine works with. */
export interface Tools {
  readonly world: HyperVWorld;
  readonly signal: AbortSignal;
  /** The name that users know the machine by, for errors; absent where none is meant. */
  readonly machineName?: string;
}

/**
 * Runs one script and gives back its value.
 * @throws TsmachineError HYPERV_FAILED, PERMISSION_DENIED, DISK_FULL, INSTANCE_LOCKED, PROVIDER_NOT_READY,
 *   TIMEOUT; the signal's reason when aborted.
 */
export async function ask<Request extends Json, Value>(
  script: Script<Request, Value>,
  request: Request,
  { world, signal, machineName }: Tools,
): Promise<Value> {
  signal.throwIfAborted();
  const text = programText(script, request);
  const limits = { signal, timeoutMs: script.timeoutMs };
  const result = await world.shell(text, limits).catch((error: unknown) => {
    throw isTimeout(error) ? tooSlow(script, error) : error;
  });
  const reply = readEnvelope(result.stdout);
  if (reply === undefined) throw noAnswer(script.name, result);
  if (!reply.ok) throw hyperVFailed(script.name, reply, machineName);
  const value = script.value.safeParse(reply.value);
  if (value.success) return value.data;
  throw new Error(`script ${script.name} gave another value than it should`, {
    cause: value.error,
  });
}
