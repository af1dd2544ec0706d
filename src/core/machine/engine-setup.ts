import type { MachineRecord } from "../../store/record.ts";
import { type Context, findProvider } from "../context.ts";
import { daemonConfiguration } from "../engine/daemon-configuration.ts";
import { engineEnvironment, type Variables } from "../engine/engine-environment.ts";
import { engineVersionOf } from "../images/recorded-images.ts";

/** What a machine's engine is started with. */
export interface EngineSetup {
  /** See daemonConfiguration. */
  readonly daemon: Readonly<Record<string, unknown>>;
  readonly environment: Variables;
}

/**
 * The setup that the record and this host ask for now: proxies are those of the user who asks, unless
 * the store's settings say otherwise. A proxy that the machine cannot reach is a warning.
 * @throws TsmachineError INVALID_INPUT, CONFIG_INVALID
 */
export async function engineSetup(context: Context, record: MachineRecord): Promise<EngineSetup> {
  const { engine, provider } = record;
  const { passProxies = true } = await context.store.readConfig();
  const { hostLoopback, guestAddress } = (await findProvider(context, provider.id)).capabilities;
  const { name, endpoint } = record;
  // Engines ask no proxy for 127.0.0.1.
  const own = [name, endpoint?.address, guestAddress, hostLoopback].filter(
    (one) => one !== undefined && one !== "" && one !== "127.0.0.1",
  );
  const { variables, unreachable } = engineEnvironment({
    given: engine?.environment ?? {},
    host: passProxies ? context.proxies : {},
    hostLoopback,
    own: own.filter((one) => one !== undefined),
  });
  for (const name of unreachable) {
    context.warn(
      `${name} names a proxy on this host's loopback address, which machine "${record.name}" cannot reach; its engine goes without`,
    );
  }
  const engineVersion = await engineVersionOf(context, record);
  return {
    daemon: daemonConfiguration({ ...(engine && { engine }), provider, engineVersion }),
    environment: variables,
  };
}

/** Says so where the engine gets another storage driver than was asked for. */
export async function warnOfOtherDriver(context: Context, record: MachineRecord): Promise<void> {
  const { daemon } = await engineSetup({ ...context, warn: () => {} }, record);
  const asked = record.engine?.storageDriver;
  const given = daemon["storage-driver"];
  if (asked === undefined || asked === given) return;
  context.warn(
    `the engine of machine "${record.name}" uses storage driver ${given}: it has no ${asked} any more`,
  );
}
