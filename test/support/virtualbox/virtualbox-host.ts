import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";
import { virtualBoxRoot } from "../../../scripts/verify/virtualbox-root.ts";
import { poll } from "../../../src/host/poll.ts";
import {
  identifyProcess,
  isRunning,
  signalProcess,
} from "../../../src/host/processes/process-identity.ts";
import { run } from "../../../src/host/processes/run.ts";
import { readResources } from "../../../src/host/resources.ts";
import { type VirtualBoxWorld, virtualBoxFiles } from "../../../src/providers/virtualbox/world.ts";
import { isOnPath } from "../shells/real-shells.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** Where a real VirtualBox answers, though it may not be able to start machines. */
export const hasVirtualBox = existsSync(virtualBoxRoot) || isOnPath("VBoxManage");

/**
 * A VirtualBox whose machines, settings and server process are those of one test: its settings folder
 * and the name of its socket keep it apart from every other.
 */
export async function virtualBoxWorld(): Promise<VirtualBoxWorld> {
  const folder = await temporaryDirectory();
  const settingsFolder = join(folder, "séttings");
  const programs = join(folder, "programs");
  await mkdir(settingsFolder);
  await mkdir(programs);
  if (!isOnPath("VBoxManage")) {
    for (const name of ["VBoxManage", "vboxwebsrv"]) {
      await symlink(join(import.meta.dirname, "in-root"), join(programs, name));
    }
  }
  const socketId = `tsmachine-${process.pid}-${nextId()}`;
  const environment = {
    ...process.env,
    PATH: [programs, process.env.PATH].join(delimiter),
    VBOX_USER_HOME: settingsFolder,
    VBOX_IPC_SOCKETID: socketId,
    VBOX_ROOT: virtualBoxRoot,
    VBOX_BINDS: "/tmp",
  };
  onTestFinished(() => endServer(socketId));
  return {
    ...{ platform: "linux", architecture: "amd64", isRoot: true, home: "/root", patience: 2 },
    ...{ environment, settingsFolder, readResources, files: virtualBoxFiles },
    readInterfaces: () => [],
    isUsedByOthers: async () => false,
    isAnswering: async () => false,
  };
}

/** What VBoxManage prints, asked as a user of that VirtualBox would. */
export async function vboxManage(
  { environment }: VirtualBoxWorld,
  ...args: readonly string[]
): Promise<string> {
  // By its path: the program's own PATH is not that of the tests.
  const [folder = ""] = (environment.PATH ?? "").split(":");
  const program = (await readdir(folder)).includes("VBoxManage")
    ? join(folder, "VBoxManage")
    : "VBoxManage";
  return (await run(program, args, { environment })).stdout;
}

/** Ends VirtualBox's server process: what is asked next starts another, which reads the files anew. */
export function restartServer(world: VirtualBoxWorld): Promise<void> {
  return endServerOf(world, "SIGTERM");
}

/** The same without a chance for it to say good-bye to its clients. */
export function killServer(world: VirtualBoxWorld): Promise<void> {
  return endServerOf(world, "SIGKILL");
}

async function endServerOf(
  { environment }: VirtualBoxWorld,
  signal: "SIGTERM" | "SIGKILL",
): Promise<void> {
  const path = `/tmp/.vbox-${environment.VBOX_IPC_SOCKETID}-ipc/lock`;
  const server = await identifyProcess(Number(await readFile(path, "utf8")));
  if (server === undefined) return;
  await signalProcess(server, signal);
  await poll(async () => ((await isRunning(server)) ? undefined : true), {
    ...{ waitingFor: "the end of VBoxSVC", everyMs: 50, timeoutMs: 30_000 },
    signal: new AbortController().signal,
  });
}

let lastId = 0;
function nextId(): number {
  lastId += 1;
  return lastId;
}

/** VBoxSVC ends by itself some seconds after its last client; nobody need wait for that. */
async function endServer(socketId: string): Promise<void> {
  const folder = `/tmp/.vbox-${socketId}-ipc`;
  try {
    process.kill(Number(await readFile(join(folder, "lock"), "utf8")), "SIGTERM");
  } catch {
    // It has ended already.
  }
  await rm(folder, { recursive: true, force: true });
}
