import { waitForEngine } from "../../src/core/engine/wait-for-engine.ts";
import { engineAddressOf } from "../../src/core/machine/open-machine.ts";
import { spawnDetached } from "../../src/host/processes/spawn-detached.ts";
import { openKvmInstance } from "../../src/providers/kvm/instance.ts";
import { inspectHost } from "../../src/providers/kvm/preflight/inspect-host.ts";
import { qemuArguments } from "../../src/providers/kvm/process/qemu-arguments.ts";
import { rememberQemuProcess } from "../../src/providers/kvm/process/qemu-process.ts";
import { pathOf } from "../../src/providers/kvm/record.ts";
import type { Bench } from "./bench.ts";
import { machineName, readKvmMachine } from "./machines.ts";

const timeoutMs = 10 * 60_000;

/**
 * The floor of every boot: starts QEMU for the machine, which is stopped, with the arguments that
 * the provider gives it, and nothing around it. Afterwards the machine runs like any other.
 * @returns seconds from before QEMU's process is made until the Docker ping is answered over TLS
 */
export async function bootByHand({ store, world, signal }: Bench): Promise<number> {
  const machine = await readKvmMachine({ store });
  const address = await engineAddressOf({ store }, await store.readMachine(machineName));
  const suitable = await inspectHost(world, machine, signal);
  const args = qemuArguments(machine, { ...suitable, platform: world.platform });
  const startedAt = performance.now();
  const qemu = await spawnDetached(suitable.program.path, args, {
    cwd: machine.directory,
    logPath: pathOf(machine, "qemuLog"),
    environment: world.environment,
  });
  await waitForEngine({
    machine: machineName,
    // The product's pings, without its look at QEMU and the console every second.
    instance: {
      ...openKvmInstance(machine, machine, world),
      power: async () => "running",
      consoleTail: async () => [],
    },
    address,
    timeoutMs,
    operation: { signal, report: () => {} },
  });
  const seconds = (performance.now() - startedAt) / 1000;
  if (qemu.identity !== undefined) await rememberQemuProcess(machine, qemu.identity);
  return seconds;
}
