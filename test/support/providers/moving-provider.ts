import type { Endpoint, Operation, Provider } from "../../../src/providers/provider.ts";
import { type Relay, startRelay } from "../network/relay.ts";

export interface MovingProvider extends Provider {
  /** The instance that is started next is reached at this address of this host's, and at no other. */
  moveTo(address: string): Promise<void>;
  close(): Promise<void>;
}

/** How often an instance is asked in vain for its address after a start. */
const asksInVain = 3;

/**
 * A provider whose one instance has a dynamic endpoint: that of an instance of another provider, which
 * is at ports of 127.0.0.1, seen through a relay at the address that is told.
 */
export function movingProvider(provider: Provider): MovingProvider {
  let address = "";
  let asksLeft = asksInVain;
  let relays: readonly Relay[] = [];
  const close = async () => {
    await Promise.all(relays.map((relay) => relay.close()));
    relays = [];
  };
  const reach = async ({ sshPort = 0, dockerPort = 0 }: Endpoint) => {
    relays = await Promise.all([sshPort, dockerPort].map((port) => startRelay(address, port)));
  };
  return {
    ...provider,
    capabilities: { ...provider.capabilities, dynamicEndpoint: true },
    close,
    async moveTo(next) {
      await close();
      address = next;
      asksLeft = asksInVain;
    },
    open(record, places) {
      const instance = provider.open(record, places);
      return {
        ...instance,
        async endpoint(operation: Operation) {
          const endpoint = await instance.endpoint(operation);
          if ((await instance.power(operation)) !== "running") return { ...endpoint, address: "" };
          if (asksLeft > 0) {
            asksLeft -= 1;
            return { ...endpoint, address: "" };
          }
          if (relays.length === 0) await reach(endpoint);
          return { ...endpoint, address };
        },
      };
    },
  };
}
