import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import {
  makePrivateDirectory,
  readTextIfPresent,
  unlessMissing,
} from "../../../host/files/files.ts";
import { poll } from "../../../host/poll.ts";
import { findProcessesWithArguments } from "../../../host/processes/find-processes.ts";
import { type ProcessEnd, spawnDetached } from "../../../host/processes/spawn-detached.ts";
import type { Operation, SharedFolder } from "../../provider.ts";
import { terminate } from "../process/terminate.ts";
import { fileNames, type KvmMachine, pathOf } from "../record.ts";
import type { KvmWorld } from "../world.ts";

type Placed = Pick<KvmMachine, "directory" | "uuid" | "name">;
type Folder = Pick<KvmMachine, "directory">;

/** It says so within a fraction of a second. */
const readyTimeoutMs = 15_000;

/**
 * Starts a virtiofsd for each folder, and returns once all of them wait for QEMU. Each ends by itself when its QEMU
 * does; those that no QEMU came to are ended by endVirtiofsds.
 * https://gitlab.com/virtio-fs/virtiofsd
 * @throws TsmachineError FOLDER_FAILED with its last words; none is left then
 */
export async function startVirtiofsds(
  machine: Placed,
  { folders, ...service }: Serving,
  operation: Operation,
): Promise<void> {
  const { world } = service;
  await endVirtiofsds(machine, world, operation);
  await makePrivateDirectory(pathOf(machine, "folders"));
  try {
    for (const [index, folder] of folders.entries()) {
      await startVirtiofsd(machine, { ...service, folder, index }, operation);
    }
  } catch (error) {
    await endVirtiofsds(machine, world, {
      ...operation,
      signal: AbortSignal.timeout(undoTimeoutMs),
    });
    throw error;
  }
}

const undoTimeoutMs = 30_000;

interface Serving {
  readonly world: Pick<KvmWorld, "platform" | "environment">;
  /** Path of virtiofsd. */
  readonly program: string;
  readonly folders: readonly SharedFolder[];
  /** True: the guest goes on, and what it knew of the folders may be gone or have another name meanwhile. */
  readonly goesOn?: boolean;
  /** It ends after so many seconds, whatever becomes of this process. */
  readonly lifetimeSeconds?: number;
}

/** Where QEMU finds the virtiofsd of a folder, relative to the machine's folder: see unix(7) for the limit of paths. */
export function socketOf({ uuid }: Pick<KvmMachine, "uuid">, index: number): string {
  return join(fileNames.folders, `${uuid}-${index}.sock`);
}

interface Service extends Omit<Serving, "folders"> {
  readonly folder: SharedFolder;
  readonly index: number;
}

async function startVirtiofsd(
  machine: Placed,
  { world, program, folder, index, goesOn, lifetimeSeconds }: Service,
  { signal }: Operation,
): Promise<void> {
  const logPath = join(machine.directory, logOf(socketOf(machine, index)));
  const args = [
    // The only thing by which it can be told from another.
    ...socketArguments(socketOf(machine, index)),
    ...["--shared-dir", folder.path],
    "--xattr",
    // A device that a guest makes would be one of this host, for all its users.
    "--modcaps=-mknod",
    // What is gone gives errors to whoever asks for it, and does not keep the guest from going on.
    ...(goesOn ? ["--migration-on-error", "guest-error"] : []),
    ...(folder.isReadOnly ? ["--readonly"] : []),
  ];
  // At which level it says that it is ready, whatever its user has it say in other programs.
  const environment = { ...world.environment, RUST_LOG: "info" };
  const command = [
    ...(lifetimeSeconds === undefined ? [] : ["timeout", String(lifetimeSeconds)]),
    ...[program, ...args],
  ];
  const process = await spawnDetached(command[0] ?? program, command.slice(1), {
    ...{ cwd: machine.directory, logPath, environment },
  });
  const probe = async () => {
    const log = (await readTextIfPresent(logPath)) ?? "";
    const end = process.end();
    if (end !== undefined) throw failed(machine, { folder, end, log });
    return log.includes("Waiting for vhost-user socket connection") ? true : undefined;
  };
  const waitingFor = `virtiofsd to serve ${folder.path}`;
  await poll(probe, { waitingFor, everyMs: 10, timeoutMs: readyTimeoutMs, signal });
}

function socketArguments(socket: string): string[] {
  return ["--socket-path", socket];
}

function logOf(socket: string): string {
  return socket.replace(/\.sock$/, ".log");
}

/** Ends those that are left of a QEMU that ended, or never came. Writes nothing where there were none. */
export async function endVirtiofsds(
  machine: Folder,
  { platform }: Pick<KvmWorld, "platform">,
  operation: Operation,
): Promise<void> {
  const folder = pathOf(machine, "folders");
  const logs = (await unlessMissing(readdir(folder)))?.filter((name) => name.endsWith(".log"));
  if (logs === undefined) return;
  for (const log of logs) {
    const socket = join(fileNames.folders, log.replace(/\.log$/, ".sock"));
    const { signal } = operation;
    const left = await findProcessesWithArguments(socketArguments(socket), platform, signal);
    for (const process of left) await terminate(process, "virtiofsd", operation);
  }
  await rm(folder, { recursive: true, force: true });
}

function failed(
  { name }: Placed,
  { folder, end, log }: { folder: SharedFolder; end: ProcessEnd; log: string },
): TsmachineError {
  const lastLine = log.trim().split("\n").at(-1) ?? "";
  const how = end.signal === null ? `with status ${end.exitCode}` : `by signal ${end.signal}`;
  return new TsmachineError(
    "FOLDER_FAILED",
    `${folder.path} cannot be shared with machine "${name}": virtiofsd ended ${how}${lastLine === "" ? "" : `: ${lastLine}`}`,
    {
      hints: [
        `mend what it names, or do without the folder: \`tsmachine share rm ${name} ${folder.mountPoint}\``,
      ],
      context: { log },
    },
  );
}
