import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Provider } from "../../providers/provider.ts";
import { type Context, operationFor } from "../context.ts";

/**
 * Looks whether this host can run machines of the provider with these options.
 * @throws TsmachineError PROVIDER_NOT_READY
 */
export async function requireReady(
  context: Context,
  provider: Provider,
  options: unknown,
): Promise<void> {
  await context.progress.step("Running pre-create checks", async (step) => {
    const health = await provider.check(operationFor(context, step), options);
    if (health.state !== "ready") {
      throw new TsmachineError("PROVIDER_NOT_READY", health.problem, { hints: [health.hint] });
    }
    for (const note of health.notes) context.warn(note);
  });
}
