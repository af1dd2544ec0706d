import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { poll } from "../../../../src/host/poll.ts";
import { isRunning } from "../../../../src/host/processes/process-identity.ts";
import { createKvmProvider } from "../../../../src/providers/kvm/provider.ts";
import type { KvmRecord } from "../../../../src/providers/kvm/record.ts";
import { realWorld, recordedQemu } from "../../../support/boots/qemu.ts";
import { fakeQemuFolder } from "../../../support/providers/fake-qemu.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";
import { sampleMachine, sampleRecord } from "./sample-record.ts";

/** A machine whose QEMU is the given shell script. */
async function machineRunBy(machine: string, ports = sampleRecord.ports) {
  const directory = join(await temporaryDirectory(), "default");
  await mkdir(directory);
  const program = join(await fakeQemuFolder({ machine }), "qemu-system-x86_64");
  const record: KvmRecord = { ...sampleRecord, program, accel: "tcg", ports };
  const places = { directory, images: sampleMachine.images };
  const instance = createKvmProvider(realWorld()).open(record, places);
  onTestFinished(() =>
    instance.remove({ signal: AbortSignal.timeout(60_000), report: () => undefined }),
  );
  await instance.create(recordedOperation());
  return { directory, instance };
}

describe("a QEMU that ends at once is quoted", () => {
  test.each([
    { says: "cannot set up guest memory: Cannot allocate memory", hint: "--kvm-memory" },
    { says: "Could not access KVM kernel module: Permission denied", hint: "--kvm-accel tcg" },
    { says: 'Failed to get "write" lock', hint: "end the other process" },
    { says: "something else", hint: "qemu.log" },
  ])("with a hint on $hint when it says: $says", async ({ says, hint }) => {
    const { instance } = await machineRunBy(`echo "first" >&2; echo '${says}' >&2; exit 1`);
    await expect(instance.start(recordedOperation())).rejects.toMatchObject({
      code: "QEMU_FAILED",
      message: `QEMU of machine "default" ended with status 1: ${says}`,
      hints: [expect.stringContaining(hint)],
    });
    expect(await instance.power(recordedOperation())).toBe("stopped");
  });

  test("with its signal when that ended it", async () => {
    const { instance } = await machineRunBy("kill -9 $$");
    await expect(instance.start(recordedOperation())).rejects.toMatchObject({
      message: 'QEMU of machine "default" ended by signal SIGKILL',
    });
  });
});

test.each([
  "qemu: linux kernel too old to load a ram disk",
  "qemu-system-x86_64: Error loading uncompressed kernel without PVH ELF Note",
])("a file that is no kernel is the machine's failure: %s", async (words) => {
  const { instance } = await machineRunBy(`echo '${words}' >&2; exit 1`);
  await expect(instance.start(recordedOperation())).rejects.toMatchObject({
    code: "MACHINE_FAILED",
    message: `machine "default" failed before its kernel ran: QEMU does not boot it: ${words}`,
    context: { isKernelRefused: true },
  });
});

test("a port that is taken again and again ends the attempts with the reason", async () => {
  const { instance } = await machineRunBy(
    "echo \"Could not set up host forwarding rule 'tcp:127.0.0.1:1-:22'\" >&2; exit 1",
  );
  const operation = recordedOperation();
  await expect(instance.start(operation)).rejects.toMatchObject({ code: "QEMU_FAILED" });
  expect(operation.steps.filter((step) => step.includes("choosing new ports"))).toHaveLength(2);
});

test("a start that is aborted while QEMU is silent ends that QEMU", async () => {
  const { directory, instance } = await machineRunBy("exec sleep 600");
  const controller = new AbortController();
  const reason = new Error("the user pressed Ctrl-C");
  const starting = instance.start({ signal: controller.signal, report: () => undefined });
  const refused = expect(starting).rejects.toBe(reason);
  const qemu = await poll(() => recordedQemu({ directory }).catch(() => undefined), {
    waitingFor: "the record of QEMU",
    everyMs: 5,
    timeoutMs: 10_000,
    signal: AbortSignal.timeout(20_000),
  });
  expect(await instance.power(recordedOperation())).toBe("unknown");
  controller.abort(reason);
  await refused;
  expect(await isRunning(qemu)).toBe(false);
  expect(await instance.power(recordedOperation())).toBe("stopped");
});

test("a machine without its disk cannot be started", async () => {
  const { directory, instance } = await machineRunBy("exit 0");
  await rm(join(directory, "data.raw"));
  await expect(instance.start(recordedOperation())).rejects.toMatchObject({
    code: "INSTANCE_MISSING",
    hints: [expect.stringContaining("tsmachine rm -f default")],
  });
});

test("the ports of a QEMU whose start was killed before its record was stored are known", async () => {
  const taken = createServer();
  await once(taken.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void taken.close());
  const address = taken.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const ports = { ssh: address.port, docker: address.port, qmp: null };
  const { directory, instance } = await machineRunBy("exec sleep 600", ports);
  const before = await instance.endpoint(recordedOperation());
  expect(before.sshPort).toBe(address.port);
  const controller = new AbortController();
  const starting = instance
    .start({ signal: controller.signal, report: () => undefined })
    .catch(() => undefined);
  const { sshPort, dockerPort } = await poll(() => endpointIfRunning({ directory, instance }), {
    waitingFor: "the record of QEMU",
    everyMs: 5,
    timeoutMs: 10_000,
    signal: AbortSignal.timeout(20_000),
  });
  expect([sshPort, dockerPort]).not.toContain(address.port);
  controller.abort();
  await starting;
  expect(await instance.endpoint(recordedOperation())).toEqual(before);
});

/** Undefined as long as no QEMU is recorded. */
async function endpointIfRunning({
  directory,
  instance,
}: Awaited<ReturnType<typeof machineRunBy>>) {
  const qemu = await recordedQemu({ directory }).catch(() => undefined);
  return qemu && instance.endpoint(recordedOperation());
}
