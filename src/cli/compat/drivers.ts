import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Provider } from "../../providers/provider.ts";

/** The drivers inside docker-machine 0.16.2 that are no provider, and are not going to be one. */
const builtIn: ReadonlySet<string> = new Set([
  "amazonec2",
  "azure",
  "digitalocean",
  "exoscale",
  "google",
  "openstack",
  "rackspace",
  "softlayer",
  "vmwarefusion",
  "vmwarevcloudair",
  "vmwarevsphere",
]);

/**
 * Says of drivers that docker-machine had, and tsmachine has not, that this is so; those that nobody
 * knows are left to findProvider.
 * @throws TsmachineError PROVIDER_UNSUPPORTED
 */
export function refuseMissingDriver(driver: string, providers: readonly Provider[]): void {
  const isThere = providers.some(({ id, aliases }) => id === driver || aliases.includes(driver));
  if (isThere || !builtIn.has(driver)) return;
  throw new TsmachineError(
    "PROVIDER_UNSUPPORTED",
    `driver "${driver}" of docker-machine is not part of tsmachine`,
    { hints: [`choose one of: ${providers.map(({ id }) => id).join(", ")}`] },
  );
}
