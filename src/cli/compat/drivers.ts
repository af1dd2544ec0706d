import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** Those that have no way yet to create a machine. */
const unbuilt: ReadonlySet<string> = new Set(["generic"]);

/** The other drivers inside docker-machine 0.16.2, for which no plug-in had to be installed. */
const left: ReadonlySet<string> = new Set([
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
 * The driver's id, unless docker-machine had it and tsmachine cannot create with it. For commander, to
 * be called while the line is parsed: otherwise the driver's flags, which nobody knows, would be blamed.
 * Ids that docker-machine did not know either are left to findProvider.
 * @throws TsmachineError PROVIDER_UNAVAILABLE, PROVIDER_UNSUPPORTED
 */
export function refuseMissingDriver(id: string): string {
  const refusal = refusalOf(id);
  if (refusal !== undefined) throw refusal;
  return id;
}

/**
 * What to say of a flag that nobody knows, when it begins with the id of such a driver: scripts that
 * left the choice to docker-machine have flags of virtualbox, its default, without naming it.
 */
export function missingDriverOf(flag: string): TsmachineError | undefined {
  const id = /^--([a-z0-9]+)-/.exec(flag)?.[1];
  return id === undefined ? undefined : refusalOf(id);
}

function refusalOf(id: string): TsmachineError | undefined {
  const details = { hints: ["choose another one, such as `--driver kvm`"], context: { id } };
  if (unbuilt.has(id)) {
    return new TsmachineError(
      "PROVIDER_UNAVAILABLE",
      `provider ${id} cannot create machines yet`,
      details,
    );
  }
  if (left.has(id)) {
    return new TsmachineError(
      "PROVIDER_UNSUPPORTED",
      `driver "${id}" of docker-machine is not part of tsmachine`,
      details,
    );
  }
  return undefined;
}
