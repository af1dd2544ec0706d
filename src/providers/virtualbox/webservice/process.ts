import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { parseJson } from "../../../bytes/parse-json.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import {
  makePrivateDirectory,
  readTextIfPresent,
  writeFileAtomic,
} from "../../../host/files/files.ts";
import { namesIn } from "../../../host/files/names-in.ts";
import { poll } from "../../../host/poll.ts";
import {
  identifyThisProcess,
  isRunning,
  type ProcessIdentity,
  processIdentitySchema,
  signalProcess,
} from "../../../host/processes/process-identity.ts";
import { spawnDetached } from "../../../host/processes/spawn-detached.ts";
import type { VirtualBoxWorld } from "../world.ts";

export interface ServiceProcess {
  /** @throws TsmachineError VIRTUALBOX_FAILED when it ends or finds its port taken, TIMEOUT. */
  listening(signal: AbortSignal): Promise<void>;
  /** Whether another program was quicker. It goes on running then, and serves nobody. */
  lostItsPort(): boolean;
  end(): Promise<void>;
}

const prefix = "tsmachine-webservice-";

/** Who is to be ended by whom; the owner may have been killed. */
const pairSchema = z.object({ owner: processIdentitySchema, service: processIdentitySchema });

/**
 * Starts vboxwebsrv, out of reach of the terminal's Ctrl-C: what a cancelled command has begun is undone
 * through it. A folder in VirtualBox's holds its log and says whose it is.
 */
export async function startProcess(
  program: string,
  port: number,
  world: VirtualBoxWorld,
): Promise<ServiceProcess> {
  const folder = join(world.settingsFolder, `${prefix}${randomBytes(4).toString("hex")}`);
  await makePrivateDirectory(folder);
  const logPath = join(folder, "log");
  const child = await spawnDetached(program, ["--host", "127.0.0.1", "--port", String(port)], {
    ...{ cwd: folder, logPath, environment: world.environment },
  });
  const service = child.identity;
  const end = async () => {
    if (service !== undefined) await endProcess(service, world);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const pair = { owner: await identifyThisProcess(), service };
    if (service !== undefined) {
      await writeFileAtomic(join(folder, "processes.json"), JSON.stringify(pair));
    }
  } catch (error) {
    // Nobody else would know whom to end.
    await end();
    throw error;
  }
  let isPortLost = false;
  return {
    listening: (signal) =>
      poll(
        async () => {
          const log = (await readTextIfPresent(logPath)) ?? "";
          if (/Socket connection successful/.test(log)) return true;
          isPortLost = /Address already in use|WSAEADDRINUSE/i.test(log);
          if (isPortLost || child.end() !== undefined) throw mute(log);
          return undefined;
        },
        {
          ...{ waitingFor: "VirtualBox's web service to listen", everyMs: 50, signal },
          timeoutMs: 30_000 * world.patience,
        },
      ).then(() => {}),
    lostItsPort: () => isPortLost,
    end,
  };
}

/** Ends services whose commands were killed. To be called under the shared lock. */
export async function endAbandoned(world: VirtualBoxWorld): Promise<void> {
  for (const name of (await namesIn(world.settingsFolder)).filter((one) =>
    one.startsWith(prefix),
  )) {
    const folder = join(world.settingsFolder, name);
    const text = await readTextIfPresent(join(folder, "processes.json"));
    const { data: pair } = pairSchema.safeParse(parseJson(text ?? ""));
    if (pair !== undefined && (await isRunning(pair.owner))) continue;
    if (pair !== undefined) await endProcess(pair.service, world);
    await rm(folder, { recursive: true, force: true });
  }
}

/** At SIGTERM it releases the machines that are locked through it. */
async function endProcess(
  service: ProcessIdentity,
  { patience }: Pick<VirtualBoxWorld, "patience">,
): Promise<void> {
  await signalProcess(service, "SIGTERM");
  try {
    await poll(async () => ((await isRunning(service)) ? undefined : true), {
      ...{ waitingFor: "the end of VirtualBox's web service", everyMs: 50 },
      ...{ timeoutMs: 10_000 * patience, signal: new AbortController().signal },
    });
  } catch (error) {
    if (!(error instanceof TsmachineError)) throw error;
    await signalProcess(service, "SIGKILL");
  }
}

function mute(log: string): TsmachineError {
  const line = log.trim().split("\n").at(-1) ?? "";
  const words = /SOAP FAULT: (.*)/.exec(log)?.[1] ?? line;
  return new TsmachineError(
    "VIRTUALBOX_FAILED",
    `VirtualBox's web service does not start: ${words}`,
    {
      hints: ["try again; or create the machine without --virtualbox-webservice"],
    },
  );
}
