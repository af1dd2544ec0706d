import { isRunning, type ProcessIdentity } from "../../../host/processes/process-identity.ts";
import type { Operation } from "../../provider.ts";
import { discardMemory } from "../memory/saved-memory.ts";
import type { KvmMachine } from "../record.ts";
import { endVirtiofsds } from "../sharing/virtiofsd.ts";
import type { KvmWorld } from "../world.ts";
import { askQemu, isQemuSilent } from "./ask-qemu.ts";
import { goOn } from "./go-on.ts";
import { hasPowerKey } from "./qemu-arguments.ts";
import { findQemuProcess, forgetQemuProcess } from "./qemu-process.ts";
import { endsInTime, terminate } from "./terminate.ts";

/**
 * Presses the guest's power button and returns, or the power key where it has a keyboard. A suspended
 * guest goes on first, to notice it.
 * @throws TsmachineError QMP_UNREACHABLE.
 */
export async function pressPowerButton(
  machine: KvmMachine,
  world: KvmWorld,
  { signal }: Operation,
): Promise<void> {
  const process = await findQemuProcess(machine, world, signal);
  if (process === undefined) return;
  try {
    await goOn(machine, world, signal);
    await askQemu(machine, { world, signal }, (qmp) =>
      hasPowerKey(machine) ? qmp.execute("send-key", powerKey) : qmp.execute("system_powerdown"),
    );
  } catch (error) {
    // A guest that was already shutting down may have ended meanwhile.
    if (!isQemuSilent(error) || (await isRunning(process))) throw error;
  }
}

/** https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html#command-QMP-ui.send-key */
const powerKey = { keys: [{ type: "qcode", data: "power" }] };

/** Ends QEMU, and gives up the memory of a suspended guest. */
export async function powerOff(
  machine: KvmMachine,
  world: KvmWorld,
  operation: Operation,
): Promise<void> {
  await endQemu(machine, world, operation);
  await discardMemory(machine);
}

/**
 * Ends QEMU: by its own command, so that it closes the disk in order, else by SIGTERM, else by
 * SIGKILL. It has ended when this returns.
 */
export async function endQemu(
  machine: KvmMachine,
  world: KvmWorld,
  operation: Operation,
): Promise<void> {
  const process = await findQemuProcess(machine, world, operation.signal);
  if (process !== undefined) await end(machine, { world, process }, operation);
  // They may be there without a QEMU, of a start that was killed before it.
  await endVirtiofsds(machine, world, operation);
  if (process !== undefined) await forgetQemuProcess(machine);
}

interface Running {
  readonly world: KvmWorld;
  readonly process: ProcessIdentity;
}

async function end(
  machine: KvmMachine,
  { world, process }: Running,
  operation: Operation,
): Promise<void> {
  const hasAgreed = await quit(machine, world, operation.signal);
  const hasEnded = hasAgreed && (await endsInTime(process, "QEMU", operation.signal));
  if (!hasEnded) await terminate(process, "QEMU", operation);
}

/** Whether QEMU took the command. One that is stuck does not, and is ended from outside. */
async function quit(machine: KvmMachine, world: KvmWorld, signal: AbortSignal): Promise<boolean> {
  try {
    await askQemu(machine, { world, signal }, (qmp) => qmp.execute("quit"));
    return true;
  } catch (error) {
    if (isQemuSilent(error)) return false;
    throw error;
  }
}
