import { TsmachineError } from "../errors/tsmachine-error.ts";
import type { Architecture } from "../host/architecture.ts";
import type { HttpClient } from "../host/download/http-client.ts";
import type { CancellableSource } from "../iso/images/package-source.ts";
import type { Operation, Provider } from "../providers/provider.ts";
import type { Store, StoreLockLimits } from "../store/open-store.ts";
import type { Progress, Step } from "./progress.ts";

/** All that core needs of the world; the composition root makes it. */
export interface Context {
  readonly store: Store;
  /** All there are; nothing of them is loaded before a machine is to be opened or made. */
  providers(): Promise<readonly Provider[]>;
  readonly packageSource: CancellableSource;
  /** The way to what is no package of Debian's; nothing is read before it is asked for. */
  http(): Promise<HttpClient>;
  /** The folder of the docker CLI's settings and contexts: DOCKER_CONFIG, or ~/.docker. */
  readonly dockerConfig: string;
  /** The folder templates/. */
  readonly templates: string;
  /** This host's; machines have it too unless asked otherwise. */
  readonly architecture: Architecture;
  /** By how much limits of what takes a moment elsewhere are multiplied; 1 but on hosts that are slow themselves. */
  readonly patience: number;
  /** This user's proxy variables, by name; see proxyVariables. */
  readonly proxies: Readonly<Record<string, string>>;
  /** Paths of files with authorities that this host trusts besides those that everybody does. */
  authorityFiles(): Promise<readonly string[]>;
  /** Text of this host's hosts file. */
  hostsFile(): Promise<string>;
  /** Starts a machine's agent as a process of its own that outlives this one; see agent/ensure-agent.ts. */
  spawnAgent(name: string, logPath: string): Promise<void>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  now(): Date;
  /** Tells the user something that matters but stops nothing; one line. */
  warn(text: string): void;
}

/** A command that builds images while it holds a lock may take this long. */
const lockTimeoutMs = 10 * 60_000;

export function lockLimits({ signal }: Pick<Context, "signal">): StoreLockLimits {
  return { timeoutMs: lockTimeoutMs, signal };
}

/** An operation whose reports show up as details of a step; nowhere without one. */
export function operationFor({ signal }: Pick<Context, "signal">, step?: Step): Operation {
  return { signal, report: (text) => step?.detail(text) };
}

/**
 * The provider of this id or alias.
 * @throws TsmachineError PROVIDER_UNKNOWN
 */
export async function findProvider(
  context: Pick<Context, "providers">,
  id: string,
): Promise<Provider> {
  const providers = await context.providers();
  const found = providers.find((one) => one.id === id || one.aliases.includes(id));
  if (found !== undefined) return found;
  throw new TsmachineError("PROVIDER_UNKNOWN", `provider "${id}" not found`, {
    hints: [`choose one of: ${providers.map((provider) => provider.id).join(", ")}`],
    context: { id },
  });
}
