import type { Control } from "../control.ts";
import type { VirtualBoxRecord } from "../record.ts";
import { openTransport } from "../transport.ts";
import { isForeign } from "../webservice/address.ts";
import type { VirtualBoxWorld } from "../world.ts";

/** What every operation on a machine works with. */
export interface Tools {
  readonly control: Control;
  readonly world: VirtualBoxWorld;
  readonly signal: AbortSignal;
  /**
   * The same for undoing what was begun, also when the user has cancelled the rest.
   * @param limitMs milliseconds on a host without emulation until its calls end; a minute unless given
   */
  unhurried(limitMs?: number): Tools;
}

/**
 * Runs `action` with VirtualBox at hand, reached as the record says; a session with a web service ends
 * with it.
 * @throws TsmachineError PROGRAM_MISSING, INVALID_INPUT, VIRTUALBOX_FAILED; what `action` throws.
 */
export async function withTools<T>(
  { webservice }: Pick<VirtualBoxRecord, "webservice">,
  { world, signal }: { readonly world: VirtualBoxWorld; readonly signal: AbortSignal },
  action: (tools: Tools) => Promise<T>,
): Promise<T> {
  const transport = await openTransport(webservice, world, signal);
  // Interfaces and processes of this host say nothing of the one that the service is on.
  const elsewhere = {
    ...{ readInterfaces: () => [], isUsedByOthers: async () => false },
    isAnswering: async () => false,
  };
  const seen = isForeign(webservice) ? { ...world, ...elsewhere } : world;
  const toolsUntil = (limit: AbortSignal): Tools => ({
    ...{ control: transport.control(limit), world: seen, signal: limit },
    unhurried: (limitMs = 60_000) => toolsUntil(AbortSignal.timeout(limitMs * world.patience)),
  });
  try {
    return await action(toolsUntil(signal));
  } finally {
    await transport.close();
  }
}
