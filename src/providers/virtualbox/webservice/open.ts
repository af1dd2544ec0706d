import type { Control } from "../control.ts";
import { type Connection, connect } from "../soap/connection.ts";
import { loadPackage } from "../soap/package.ts";
import type { Transport } from "../transport.ts";
import { openAdapters } from "../vboxmanage/adapters.ts";
import { openVBoxManage } from "../vboxmanage/call.ts";
import { openVBoxManageControl } from "../vboxmanage/control.ts";
import { requireVBoxManage } from "../vboxmanage/require-vboxmanage.ts";
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
    const byProgram = world.platform === "darwin" ? await macNetworking(world) : () => ({});
    return {
      control: (limit) => ({ ...controlOf(connection)(limit), ...byProgram(limit) }),
      close: () => connection.close().finally(end),
    };
  }
  const address = { url: webservice, ...credentialsIn(world) };
  const connection = await connect(address, await loadPackage(), { ...world, signal });
  return { control: controlOf(connection), close: connection.close };
}

/** Since 7.0 macOS has host-only networks in place of adapters, which the calls of 7.0 cannot make. */
async function macNetworking(world: VirtualBoxWorld) {
  const program = await requireVBoxManage(world);
  return (signal: AbortSignal): Partial<Control> => {
    const { hasNetworks: _, ...adapters } = openAdapters(
      openVBoxManage(program, world, signal),
      world,
    );
    const { configureMachine, moveToAdapter } = openVBoxManageControl(program, world, signal);
    return { ...adapters, configureMachine, moveToAdapter };
  };
}

function controlOf({ client }: Connection): Transport["control"] {
  return (signal) => openWebServiceControl(client(signal));
}
