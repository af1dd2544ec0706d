import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Provider } from "../../providers/provider.ts";
import { defaultInstallUrl } from "../engine/daemon-configuration.ts";
import type { CreateRequest } from "./create.ts";

/**
 * Refuses flags of `create` that mean nothing to machines of the provider.
 * @throws TsmachineError INVALID_INPUT
 */
export function requireFittingFlags(provider: Provider, request: CreateRequest): void {
  requireInstallUrl(provider, request.engine);
  requireForwards(provider, request);
  requireOwnEngine(provider, request);
  requireOwnCommandLine(provider, request);
  requireSharing(provider, request);
}

function requireInstallUrl(
  { id, capabilities }: Provider,
  { installUrl = defaultInstallUrl }: CreateRequest["engine"],
): void {
  if (!capabilities.bootsIso || installUrl === defaultInstallUrl) return;
  throw new TsmachineError(
    "INVALID_INPUT",
    `--engine-install-url is refused: machines of provider ${id} have their engine in an image, and nothing is installed`,
    { hints: ["choose the engine with `--engine-version` or `--engine-archive`"] },
  );
}

function requireForwards({ id, capabilities }: Provider, { publishAddress }: CreateRequest): void {
  if (publishAddress === undefined || capabilities.forwards) return;
  throw new TsmachineError(
    "INVALID_INPUT",
    `--publish-address is refused: ports of machines of provider ${id} are not bound on this host`,
    { hints: ["leave it out: published ports are reached at the machine's own address"] },
  );
}

function requireSharing({ id, capabilities }: Provider, { folders = [] }: CreateRequest): void {
  if (folders.length === 0 || capabilities.sharing) return;
  throw new TsmachineError(
    "CAPABILITY_MISSING",
    `--share is refused: provider ${id} shares no folders with its machines so`,
    { hints: ["see `tsmachine create --help` for flags of its own, or use `--driver kvm`"] },
  );
}

function requireOwnEngine({ id, capabilities }: Provider, { authorities }: CreateRequest): void {
  if (!authorities || capabilities.ownsInstance) return;
  throw new TsmachineError(
    "INVALID_INPUT",
    `--ca-cert is refused: the engine of a machine of provider ${id} is never changed`,
    { hints: ["leave it out, and let whoever keeps that engine give it the certificate"] },
  );
}

function requireOwnCommandLine(
  { id, capabilities }: Provider,
  { kernelArguments = [] }: CreateRequest,
): void {
  if (kernelArguments.length === 0 || capabilities.kernelArguments) return;
  throw new TsmachineError(
    "CAPABILITY_MISSING",
    `machines of provider ${id} take no arguments for their kernel: ${kernelArguments.join(" ")}`,
    { hints: ["use the provider kvm, which boots the kernel directly"] },
  );
}
