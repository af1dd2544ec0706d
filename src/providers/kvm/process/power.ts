import * as z from "zod";
import type { PowerState } from "../../provider.ts";
import type { Qmp } from "../qmp/qmp.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { askQemu, isQemuSilent } from "./ask-qemu.ts";
import { findQemuProcess, isPresent } from "./qemu-process.ts";

/**
 * What the instance does now. A process that runs and does not tell its state is "unknown",
 * also when its files were removed under it.
 */
export async function powerOf(
  machine: KvmMachine,
  world: KvmWorld,
  signal: AbortSignal,
): Promise<PowerState> {
  if ((await findQemuProcess(machine, world, signal)) !== undefined) {
    const power = await askPower(machine, world, signal);
    if (power !== undefined) return power;
    // It may have ended between the two questions.
    if ((await findQemuProcess(machine, world, signal)) !== undefined) return "unknown";
  }
  if (!(await isPresent(machine, "dataDisk"))) return "absent";
  return (await isPresent(machine, "memory")) ? "suspended" : "stopped";
}

const statusSchema = z.object({ status: z.string() });

/** @throws TsmachineError QMP_UNREACHABLE. */
export async function queryPower(qmp: Qmp): Promise<PowerState> {
  return powerOfRunState(statusSchema.parse(await qmp.execute("query-status")).status);
}

async function askPower(
  machine: KvmMachine,
  world: KvmWorld,
  signal: AbortSignal,
): Promise<PowerState | undefined> {
  try {
    return await askQemu(machine, { world, signal }, queryPower);
  } catch (error) {
    if (isQemuSilent(error)) return undefined;
    throw error;
  }
}

/**
 * RunState of QEMU's qapi/run-state.json. "io-error" is a guest that QEMU paused because the
 * host's disk is full: like one paused by hand it goes on with `cont`.
 */
function powerOfRunState(status: string): PowerState {
  switch (status) {
    case "running":
      return "running";
    case "prelaunch":
    case "inmigrate":
    case "restore-vm":
      return "starting";
    case "paused":
    case "suspended":
    case "io-error":
    case "save-vm":
    case "finish-migrate":
    case "postmigrate":
      return "paused";
    case "shutdown":
      return "stopping";
    default:
      return "unknown";
  }
}
