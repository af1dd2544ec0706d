import { randomBytes } from "node:crypto";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { freeLoopbackPorts } from "../../../host/ports.ts";
import { withSharedLock } from "../shared-lock.ts";
import { type Connection, connect, type ServiceAddress } from "../soap/connection.ts";
import { loadPackage, type SoapPackage } from "../soap/package.ts";
import { openVBoxManage } from "../vboxmanage/call.ts";
import { findVirtualBoxProgram } from "../vboxmanage/find-vboxmanage.ts";
import { requireVBoxManage } from "../vboxmanage/require-vboxmanage.ts";
import type { VirtualBoxWorld } from "../world.ts";
import { withOwnUser } from "./own-settings.ts";
import { endAbandoned, type ServiceProcess, startProcess } from "./process.ts";

export interface OwnService {
  readonly connection: Connection;
  /** Ends the service, and with it every lock that was taken through it. */
  end(): Promise<void>;
}

/** Another program may take the port between its choice and the service's start. */
const attempts = 3;

/**
 * Starts vboxwebsrv on 127.0.0.1 for this command alone, and logs on.
 * @throws TsmachineError PROGRAM_MISSING, VIRTUALBOX_FAILED, LOCK_TIMEOUT
 */
export async function startOwnService(
  world: VirtualBoxWorld,
  signal: AbortSignal,
): Promise<OwnService> {
  const program = await requireWebService(world);
  const vboxManage = await requireVBoxManage(world);
  const loaded = await loadPackage();
  const call = (limit: AbortSignal) => openVBoxManage(vboxManage, world, limit).call;
  const credentials = {
    user: `tsmachine-${randomBytes(8).toString("hex")}`,
    password: randomBytes(32).toString("hex"),
  };
  // The lock, because the settings that this changes for a moment are those of all commands.
  return withSharedLock({ world, signal }, async () => {
    await endAbandoned(world);
    const action = async () => {
      for (let attempt = 1; ; attempt += 1) {
        const [port = 0] = await freeLoopbackPorts(1);
        const service = await startProcess(program, port, world);
        try {
          const address = { url: `http://127.0.0.1:${port}/`, ...credentials };
          return await logOn(service, { address, loaded, world, signal });
        } catch (error) {
          await service.end();
          if (!service.lostItsPort() || attempt === attempts) throw error;
        }
      }
    };
    const undo = ({ connection, end }: OwnService) => connection.close().finally(end);
    return withOwnUser(credentials, { call, world, signal }, { action, undo });
  });
}

interface Logon {
  readonly address: ServiceAddress;
  readonly loaded: SoapPackage;
  readonly world: VirtualBoxWorld;
  readonly signal: AbortSignal;
}

/** Only a logon with our password proves that who listens there is that process. */
async function logOn(
  service: ServiceProcess,
  { address, loaded, world, signal }: Logon,
): Promise<OwnService> {
  await service.listening(signal);
  const connection = await connect(address, loaded, { ...world, signal });
  return { connection, end: service.end };
}

async function requireWebService(world: VirtualBoxWorld): Promise<string> {
  const program = await findVirtualBoxProgram("vboxwebsrv", world);
  if (program !== undefined) return program;
  throw new TsmachineError("PROGRAM_MISSING", "VirtualBox's web service is not installed", {
    hints: [
      "install VirtualBox with vboxwebsrv, or create the machine without --virtualbox-webservice",
    ],
  });
}
