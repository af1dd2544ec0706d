import { rm, stat } from "node:fs/promises";
import * as z from "zod";
import { isSystemError } from "../../../errors/system-error.ts";
import { readTextIfPresent, writeFileAtomic } from "../../../host/files/files.ts";
import { findProcessesWithArguments } from "../../../host/processes/find-processes.ts";
import {
  isRunning,
  type ProcessIdentity,
  processIdentitySchema,
} from "../../../host/processes/process-identity.ts";
import type { Ports } from "../ports.ts";
import type { Accelerator } from "../preflight/accelerator.ts";
import { type FileName, type KvmMachine, pathOf, portsSchema } from "../record.ts";
import { type OfferedFolders, offeredFoldersSchema } from "../sharing/offered-folders.ts";
import type { KvmWorld } from "../world.ts";
import { identifyingArguments, placingArguments } from "./qemu-arguments.ts";

/**
 * The QEMU process of this machine; undefined when none runs. Writes nothing.
 *
 * Normally it is the one in qemu.json, by pid and start time. When that one is gone or unknown and
 * there are traces of another, the host's processes are searched for the machine's UUID. The pid
 * in a pid file is never trusted: it may belong to another process by now.
 */
export async function findQemuProcess(
  machine: KvmMachine,
  { platform }: Pick<KvmWorld, "platform">,
  signal: AbortSignal,
): Promise<ProcessIdentity | undefined> {
  const recorded = await recordedProcess(machine);
  if (recorded !== undefined && (await isRunning(recorded))) return recorded;
  const isExpected = recorded === undefined && (await isPresent(machine, "process"));
  if (!isExpected && !(await hasTraces(machine))) return undefined;
  const [found] = await findProcessesWithArguments(identifyingArguments(machine), platform, signal);
  return found;
}

/** The QEMU that was started in this folder, of which nothing need be left; undefined when none runs. */
export async function findQemuIn(
  directory: string,
  { platform }: Pick<KvmWorld, "platform">,
  signal: AbortSignal,
): Promise<ProcessIdentity | undefined> {
  const recorded = await recordedProcess({ directory });
  if (recorded !== undefined && (await isRunning(recorded))) return recorded;
  const [found] = await findProcessesWithArguments(
    placingArguments({ directory }),
    platform,
    signal,
  );
  return found;
}

/**
 * To be called right before QEMU is started, so that it is searched for if this process is killed, and
 * its ports are known though no record of the machine has them yet.
 */
export async function expectQemuProcess(machine: KvmMachine): Promise<void> {
  await writeProcess(machine, {});
}

export async function rememberQemuProcess(
  machine: KvmMachine,
  identity: ProcessIdentity,
  started: Started = {},
): Promise<void> {
  await writeProcess(machine, { ...identity, ...started });
}

/** What a QEMU was started with, besides what its record says. */
export interface Started {
  readonly accelerator?: Accelerator;
  readonly offered?: OfferedFolders | undefined;
}

/** What the QEMU that was started last runs on; undefined when it has not been told. */
export async function acceleratorOfQemu(machine: KvmMachine): Promise<string | undefined> {
  return recordedAcceleratorSchema.safeParse(await readProcess(machine)).data?.accelerator;
}

/** What the guest of the QEMU that was started last has of this host's folders; undefined when that is nothing. */
export async function foldersOfQemu(machine: KvmMachine): Promise<OfferedFolders | undefined> {
  return recordedFoldersSchema.safeParse(await readProcess(machine)).data?.offered;
}

/** The ports of the QEMU that was started last; those of the record when it has not told others. */
export async function portsOfQemu(machine: KvmMachine): Promise<Ports> {
  const result = recordedPortsSchema.safeParse(await readProcess(machine));
  return result.success ? result.data.ports : machine.ports;
}

/** To be called when the process has ended, in whatever way. */
export async function forgetQemuProcess(machine: KvmMachine): Promise<void> {
  const files: FileName[] = ["process", "pidFile", "qmpSocket"];
  await Promise.all(files.map((file) => rm(pathOf(machine, file), { force: true })));
}

export async function isPresent(machine: KvmMachine, file: FileName): Promise<boolean> {
  try {
    await stat(pathOf(machine, file));
    return true;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}

/** The process that qemu.json names, whether or not it still runs. */
async function recordedProcess(
  machine: Pick<KvmMachine, "directory">,
): Promise<ProcessIdentity | undefined> {
  const result = recordedProcessSchema.safeParse(await readProcess(machine));
  return result.success ? result.data : undefined;
}

function readProcess(machine: Pick<KvmMachine, "directory">): Promise<string | undefined> {
  return readTextIfPresent(pathOf(machine, "process"));
}

async function writeProcess(
  machine: KvmMachine,
  started: Partial<ProcessIdentity> & Started,
): Promise<void> {
  const content = { ...started, ports: machine.ports };
  await writeFileAtomic(pathOf(machine, "process"), `${JSON.stringify(content)}\n`);
}

const jsonSchema = z.string().transform((text, context) => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("not JSON");
    return z.NEVER;
  }
});
const recordedProcessSchema = jsonSchema.pipe(processIdentitySchema);
const recordedAcceleratorSchema = jsonSchema.pipe(z.object({ accelerator: z.string() }));
const recordedFoldersSchema = jsonSchema.pipe(z.object({ offered: offeredFoldersSchema }));
const recordedPortsSchema = jsonSchema.pipe(z.object({ ports: portsSchema }));

/**
 * QEMU removes its pid file when it ends in order, so one that is left tells of a QEMU that was
 * killed or that nobody recorded. A missing disk tells of a folder removed under a running QEMU.
 */
async function hasTraces(machine: KvmMachine): Promise<boolean> {
  return (await isPresent(machine, "pidFile")) || !(await isPresent(machine, "dataDisk"));
}
