import { type Context, findProvider } from "../../core/context.ts";
import type { CreateRequest } from "../../core/machine/create.ts";
import { requireFittingFlags } from "../../core/machine/require-fitting-flags.ts";
import { requireReady } from "../../core/machine/require-ready.ts";
import { requireSound } from "../../core/machine/require-sound.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Provider } from "../../providers/provider.ts";

/**
 * The provider of a matrix's machines. Refuses what none of its machines can have before anything is built or booted:
 * as the outcome of a cell it would look like something about its kernel.
 * @param requests what is asked for to try each cell
 * @throws TsmachineError CAPABILITY_MISSING, INVALID_INPUT, PROVIDER_NOT_READY, PROVIDER_UNKNOWN; of Provider.plan
 */
export async function requireMachines(
  context: Context,
  providerId: string,
  requests: readonly CreateRequest[],
): Promise<Provider> {
  const provider = await findProvider(context, providerId);
  const { ownsInstance, bootsIso } = provider.capabilities;
  if (!ownsInstance || !bootsIso) {
    throw new TsmachineError(
      "CAPABILITY_MISSING",
      `provider ${provider.id} boots no kernels, which a matrix needs`,
      { hints: ["use a provider that makes machines, such as `--driver kvm`"] },
    );
  }
  for (const request of requests) {
    requireFittingFlags(provider, request);
    requireSound(request);
  }
  await requireArchitectures(context, provider, requests);
  return provider;
}

/** What each architecture of the cells needs; what another does is no matter. */
async function requireArchitectures(
  context: Context,
  provider: Provider,
  requests: readonly CreateRequest[],
): Promise<void> {
  const firsts = new Map(requests.toReversed().map((one) => [one.images.architecture, one]));
  for (const request of firsts.values()) await requireReady(context, provider, request);
}
