import { chmod, copyFile, rename, writeFile } from "node:fs/promises";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { isLoopbackPortFree } from "../../../host/ports.ts";
import type { Operation } from "../../provider.ts";
import { growDataDisk } from "../disk.ts";
import { readSavedMemory } from "../memory/saved-memory.ts";
import { choosePorts, type Ports } from "../ports.ts";
import { inspectHost, type Suitable } from "../preflight/inspect-host.ts";
import { type KvmMachine, pathOf } from "../record.ts";
import { folderServiceFor } from "../sharing/folder-service.ts";
import type { KvmWorld } from "../world.ts";
import { goOn } from "./go-on.ts";
import { isPortConflict, type Launch, launchQemu } from "./launch.ts";
import { findQemuProcess, forgetQemuProcess, isPresent, portsOfQemu } from "./qemu-process.ts";

/**
 * Powers the instance on, or lets it go on when it is suspended; returns its ports, which are others
 * where the old ones were taken.
 * @throws TsmachineError INSTANCE_MISSING, QEMU_FAILED, TIMEOUT, and what inspectHost throws.
 */
export async function startInstance(
  machine: KvmMachine,
  world: KvmWorld,
  operation: Operation,
): Promise<Ports> {
  if ((await findQemuProcess(machine, world, operation.signal)) !== undefined) {
    await goOn(machine, world, operation.signal);
    return portsOfQemu(machine);
  }
  if (!(await isPresent(machine, "dataDisk"))) throw missing(machine);
  const memory = await readSavedMemory(machine);
  const accel = memory?.accelerator ?? machine.accel;
  const suitable = await inspectHost(world, { ...machine, accel }, operation.signal);
  for (const note of suitable.notes) operation.report(note);
  await forgetQemuProcess(machine);
  if (memory === undefined) {
    // That of a snapshot may be from before it was made larger.
    await growDataDisk(machine);
    await resetFirmwareVariables(machine, suitable);
    await startConsoleLog(machine);
  }
  const folders = await folderServiceFor(machine, { world, memory }, operation);
  const ports = await launchOnFreePorts(machine, { world, suitable, memory, folders }, operation);
  if (memory !== undefined) await goOn(machine, world, operation.signal);
  return ports;
}

/** Somebody may take a port between the look and QEMU's own bind; more than once is no chance. */
const attempts = 3;

async function launchOnFreePorts(
  machine: KvmMachine,
  host: Launch,
  operation: Operation,
): Promise<Ports> {
  let current = machine;
  for (let attempt = 1; ; attempt += 1) {
    if (attempt > 1 || !(await areFree(current.ports))) {
      current = { ...current, ports: await choosePorts(host.world.platform) };
      operation.report("a port of the machine is in use by another program; choosing new ports");
    }
    try {
      await launchQemu(current, host, operation);
      return current.ports;
    } catch (error) {
      if (attempt === attempts || !isPortConflict(error)) throw error;
    }
  }
}

async function areFree(ports: Ports): Promise<boolean> {
  const wanted = Object.values(ports).filter((port) => port !== null);
  return (await Promise.all(wanted.map(isLoopbackPortFree))).every((isFree) => isFree);
}

/**
 * Each start has a console log of its own, so that the last lines are those of this start. It is made
 * here because QEMU would let everybody read it.
 */
async function startConsoleLog(machine: KvmMachine): Promise<void> {
  try {
    await rename(pathOf(machine, "consoleLog"), pathOf(machine, "previousConsoleLog"));
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
  await writeFile(pathOf(machine, "consoleLog"), "", { mode: 0o600 });
}

/**
 * A copy of the template at each start: the order of booting is told otherwise, and variables of
 * another release of the firmware may not fit.
 */
async function resetFirmwareVariables(machine: KvmMachine, { firmware }: Suitable): Promise<void> {
  if (firmware?.kind !== "flash") return;
  const path = pathOf(machine, "firmwareVariables");
  await copyFile(firmware.variables.path, path);
  await chmod(path, 0o600);
}

function missing(machine: KvmMachine): TsmachineError {
  return new TsmachineError("INSTANCE_MISSING", `machine "${machine.name}" has no data disk`, {
    hints: [
      `remove what is left with \`tsmachine rm -f ${machine.name}\`, then create the machine again`,
    ],
    context: { path: pathOf(machine, "dataDisk") },
  });
}
