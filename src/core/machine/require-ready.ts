import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Provider } from "../../providers/provider.ts";
import { type Context, operationFor } from "../context.ts";
import type { CreateRequest } from "./create.ts";

type Wanted = Pick<CreateRequest, "name" | "providerOptions" | "images">;

/**
 * Looks whether this host can run such a machine of the provider. The provider's check is of this host's own architecture:
 * what a machine with another one needs is found out by planning it.
 * @throws TsmachineError PROVIDER_NOT_READY; of Provider.plan
 */
export async function requireReady(
  context: Context,
  provider: Provider,
  { name, providerOptions: options, images: { architecture } }: Wanted,
): Promise<void> {
  await context.progress.step("Running pre-create checks", async (step) => {
    if (provider.capabilities.bootsIso && architecture !== context.architecture) {
      const { directory } = context.store.machineLayout(name);
      await provider.plan({ name, architecture, directory }, options, operationFor(context, step));
      return;
    }
    const health = await provider.check(operationFor(context, step), options);
    if (health.state !== "ready") {
      throw new TsmachineError("PROVIDER_NOT_READY", health.problem, { hints: [health.hint] });
    }
    for (const note of health.notes) context.warn(note);
  });
}
