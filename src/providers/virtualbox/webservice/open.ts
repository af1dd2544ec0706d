import { type Connection, connect } from "../soap/connection.ts";
import { loadPackage } from "../soap/package.ts";
import type { Transport } from "../transport.ts";
import type { VirtualBoxWorld } from "../world.ts";
import { credentialsIn, isForeign } from "./address.ts";
import { openWebServiceControl } from "./control.ts";
import { startOwnService } from "./own-service.ts";

/**
 * Logs on at the web service, which is started for it when it is to be one of tsmachine's own.
 * @throws TsmachineError INVALID_INPUT, PROGRAM_MISSING, VIRTUALBOX_FAILED
 */
export async function openWebService(
  webservice: string,
  world: VirtualBoxWorld,
  signal: AbortSignal,
): Promise<Transport> {
  if (!isForeign(webservice)) {
    const { connection, end } = await startOwnService(world, signal);
    return { control: controlOf(connection), close: () => connection.close().finally(end) };
  }
  const address = { url: webservice, ...credentialsIn(world) };
  const connection = await connect(address, await loadPackage(), { ...world, signal });
  return { control: controlOf(connection), close: connection.close };
}

function controlOf({ client }: Connection): Transport["control"] {
  return (signal) => openWebServiceControl(client(signal));
}
