import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { identifyProcess } from "../../src/host/processes/process-identity.ts";
import { rememberQemuProcess } from "../../src/providers/kvm/process/qemu-process.ts";
import { type KvmMachine, pathOf } from "../../src/providers/kvm/record.ts";

/** As if QEMU had been killed: its pid file is left, and its process gone. */
export async function makeDead(machine: KvmMachine): Promise<void> {
  await rememberQemuProcess(machine, { pid: 2 ** 22, startedAt: "before" });
  await writeFile(pathOf(machine, "pidFile"), `${2 ** 22}\n`);
}

/**
 * As if QEMU hung: its process is there, accepts connections to its control socket and says nothing.
 * Removing the machine ends it.
 */
export async function makeHanging(machine: KvmMachine, signal: AbortSignal): Promise<void> {
  const script =
    'require("net").createServer(() => {}).listen(process.argv[1], () => console.log())';
  const child = spawn(process.execPath, ["-e", script, pathOf(machine, "qmpSocket")], {
    stdio: ["ignore", "pipe", "inherit"],
    signal,
  });
  // Ended by the removal of its machine, or by the signal: neither is news.
  child.on("error", () => {});
  await once(child.stdout, "data", { signal });
  child.unref();
  child.stdout.destroy();
  const identity = child.pid === undefined ? undefined : await identifyProcess(child.pid);
  if (identity === undefined) throw new Error("the process that stands for QEMU has ended");
  await rememberQemuProcess(machine, identity);
}
