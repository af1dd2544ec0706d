import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { isRunning, signalProcess } from "../../../src/host/processes/process-identity.ts";
import { findFirmware, firmwarePlaces } from "../../../src/providers/kvm/firmware/find-firmware.ts";
import { inspectHost } from "../../../src/providers/kvm/preflight/inspect-host.ts";
import { isPortConflict, launchQemu } from "../../../src/providers/kvm/process/launch.ts";
import { createKvmProvider } from "../../../src/providers/kvm/provider.ts";
import { withQmp } from "../../../src/providers/kvm/qmp/qmp.ts";
import { type KvmMachine, parseKvmRecord, pathOf } from "../../../src/providers/kvm/record.ts";
import {
  killQemu,
  realWorld,
  recordedQemu,
  tinyImages,
  tinyMachine,
} from "../../support/boots/qemu.ts";
import { createTinyInstance } from "../../support/boots/tiny-instance.ts";
import { type NewMachine, untilPower } from "../../support/providers/contract-subject.ts";
import { recordedOperation } from "../../support/worlds/operations.ts";

const world = realWorld();
const provider = createKvmProvider(world);
const hasFirmware = (await findFirmware(firmwarePlaces, "amd64")) !== undefined;

async function started(wanted?: NewMachine) {
  const one = await createTinyInstance(wanted);
  await one.instance.start(recordedOperation());
  await untilPower(one.instance, "running");
  return { ...one, qemu: await recordedQemu(one.places) };
}

describe("whose process is it", () => {
  test("a recycled pid in both pid files is nobody's QEMU and is not killed", async () => {
    const { machine, instance } = await started();
    await killQemu(machine);
    const ourselves = { pid: process.pid, startedAt: "before the last boot" };
    await writeFile(pathOf(machine, "process"), JSON.stringify(ourselves));
    await writeFile(pathOf(machine, "pidFile"), `${process.pid}\n`);
    expect(await instance.power(recordedOperation())).toBe("stopped");
    await instance.stop("power-off", recordedOperation());
    await instance.start(recordedOperation());
    expect(await instance.power(recordedOperation())).toBe("running");
  });

  test.each([
    { state: "lost", content: undefined },
    { state: "cut short", content: '{"pid":' },
    { state: "of another process", content: '{"pid":1,"startedAt":"long ago"}' },
  ])("a QEMU whose record is $state is found and powered off", async ({ content }) => {
    const { machine, instance, qemu } = await started();
    if (content === undefined) await rm(pathOf(machine, "process"));
    else await writeFile(pathOf(machine, "process"), content);
    expect(await instance.power(recordedOperation())).toBe("running");
    await instance.start(recordedOperation());
    await instance.stop("power-off", recordedOperation());
    expect(await isRunning(qemu)).toBe(false);
  });

  test("a folder deleted under a running QEMU is not called absent, and remove ends QEMU", async () => {
    const { machine, instance, qemu } = await started();
    await rm(machine.directory, { recursive: true });
    expect(await instance.power(recordedOperation())).toBe("unknown");
    await instance.remove(recordedOperation());
    expect(await isRunning(qemu)).toBe(false);
    expect(await instance.power(recordedOperation())).toBe("absent");
  });

  test("a QEMU that is stuck is unknown, and powering off kills it", async () => {
    const { instance, qemu } = await started();
    await signalProcess(qemu, "SIGSTOP");
    expect(await instance.power(recordedOperation())).toBe("unknown");
    const operation = recordedOperation();
    await instance.stop("power-off", operation);
    expect(await isRunning(qemu)).toBe(false);
    expect(operation.steps).toEqual([
      `QEMU (process ${qemu.pid}) does not react to SIGTERM; killing it`,
    ]);
  });
});

describe("starting", () => {
  test("a taken port is replaced, the other record is returned, and it works", async () => {
    const { machine, places, instance } = await createTinyInstance();
    const thief = createServer().listen(machine.ports.ssh, "127.0.0.1");
    onTestFinished(() => void thief.close());
    const operation = recordedOperation();
    const changed = parseKvmRecord(await instance.start(operation));
    expect(changed.ports.ssh).not.toBe(machine.ports.ssh);
    expect({ ...changed, ports: machine.ports, ...places }).toEqual(machine);
    expect(operation.steps.at(-1)).toContain("choosing new ports");
    expect(await provider.open(changed, places).power(recordedOperation())).toBe("running");
  });

  test("QEMU's own complaint about a port is recognised", async () => {
    const one = await started();
    const two = await createTinyInstance();
    const suitable = await inspectHost(world, two.machine, AbortSignal.timeout(10_000));
    const conflicting: KvmMachine = { ...two.machine, ports: one.machine.ports };
    const failure = await launchQemu(conflicting, { world, suitable }, recordedOperation()).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: "QEMU_FAILED" });
    expect(isPortConflict(failure)).toBe(true);
    expect(await two.instance.power(recordedOperation())).toBe("stopped");
  });

  test("a QEMU that ends at once is quoted, with a hint, and leaves nothing", async () => {
    const { machine, instance } = await createTinyInstance();
    await rm(machine.images.kernel);
    await expect(instance.start(recordedOperation())).rejects.toMatchObject({
      code: "QEMU_FAILED",
      message: expect.stringContaining(machine.images.kernel),
      hints: [expect.stringContaining("qemu.log")],
    });
    expect(await instance.power(recordedOperation())).toBe("stopped");
  });

  test("two machines run at once from the same read-only images", async () => {
    const images = await tinyImages();
    const one = await started(await tinyMachine("one", images));
    const two = await started(await tinyMachine("two", images));
    expect(await one.instance.power(recordedOperation())).toBe("running");
    expect(await two.instance.power(recordedOperation())).toBe("running");
  });

  test("a machine whose folder has a long path can be talked with", async () => {
    const { spec, places } = await tinyMachine("tiny");
    const directory = `${places.directory}/${"long/".repeat(30)}`;
    await mkdir(directory, { recursive: true });
    const { instance } = await started({ spec, places: { ...places, directory } });
    expect(await instance.power(recordedOperation())).toBe("running");
  });

  test("a paused instance goes on", async () => {
    const { machine, instance } = await started();
    const address = {
      kind: "unix",
      path: pathOf(machine, "qmpSocket"),
      temporaryDirectory: world.temporaryDirectory,
    } as const;
    const limits = { timeoutMs: 10_000, signal: AbortSignal.timeout(20_000) };
    await withQmp(address, limits, (qmp) => qmp.execute("stop"));
    expect(await instance.power(recordedOperation())).toBe("paused");
    await instance.start(recordedOperation());
    expect(await instance.power(recordedOperation())).toBe("running");
  });

  test("each start has a console log of its own and keeps the one before", async () => {
    const { instance, machine } = await createTinyInstance();
    await writeFile(pathOf(machine, "consoleLog"), "words of an earlier start\n");
    await instance.start(recordedOperation());
    expect(await instance.consoleTail(100)).not.toContain("words of an earlier start");
  });

  test.each([{ boot: "iso" }, { boot: "disk" }])(
    "the boot ISO is offered to the firmware instead of a kernel: $boot",
    async (options) => {
      const { instance } = await createTinyInstance(undefined, options);
      await instance.start(recordedOperation());
      expect(await instance.power(recordedOperation())).toBe("running");
    },
  );

  test.skipIf(!hasFirmware)("UEFI firmware has variables that are new at each start", async () => {
    const { machine, instance } = await createTinyInstance(undefined, {
      boot: "iso",
      firmware: "uefi",
    });
    const variables = pathOf(machine, "firmwareVariables");
    await writeFile(variables, "of another firmware");
    await instance.start(recordedOperation());
    expect(await instance.power(recordedOperation())).toBe("running");
    const { size, mode } = await stat(variables);
    expect({ isWhole: size > 2 ** 16, mode: mode & 0o777 }).toEqual({ isWhole: true, mode: 0o600 });
    await instance.remove(recordedOperation());
    expect(await readdir(machine.directory)).toEqual([]);
  });
});

test("QEMU runs in a session of its own, out of the terminal's reach", async () => {
  const { qemu } = await started();
  const stat = await readFile(`/proc/${qemu.pid}/stat`, "utf8");
  const session = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3]);
  expect(session).toBe(qemu.pid);
});
