import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import type { FirmwarePlaces } from "../../../../src/providers/kvm/firmware/find-firmware.ts";
import { programNames } from "../../../../src/providers/kvm/preflight/remedies.ts";
import { createKvmProvider } from "../../../../src/providers/kvm/provider.ts";
import { parseKvmRecord } from "../../../../src/providers/kvm/record.ts";
import type { KvmWorld } from "../../../../src/providers/kvm/world.ts";
import type { CopySpec, MachineSpec } from "../../../../src/providers/provider.ts";
import { realWorld } from "../../../support/boots/qemu.ts";
import { fakeQemuFolder } from "../../../support/providers/fake-qemu.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";
import { sampleRecord } from "./sample-record.ts";

const spec: MachineSpec = { name: "default", architecture: "amd64" };

async function plan(world: Partial<KvmWorld>, options: object, change: Partial<MachineSpec> = {}) {
  const environment = { PATH: `${await fakeQemuFolder()}:/usr/bin:/bin` };
  const provider = createKvmProvider({ ...realWorld(), environment, ...world });
  const options_ = { accel: "tcg", ...options };
  return parseKvmRecord(await provider.plan({ ...spec, ...change }, options_, recordedOperation()));
}

describe("a plan", () => {
  test("takes over the machine's name and architecture, and has an identity of its own", async () => {
    const [one, two] = [await plan({}, {}), await plan({}, {})];
    expect(one).toMatchObject({ ...spec });
    expect(one.uuid).not.toBe(two.uuid);
  });

  test("has a port for QEMU's control socket on Windows alone", async () => {
    expect((await plan({ platform: "win32" }, {})).ports.qmp).toEqual(expect.any(Number));
    expect((await plan({ platform: "linux" }, {})).ports.qmp).toBeNull();
  });

  test("keeps a program's path valid for whatever folder QEMU is started in", async () => {
    const program = `${await fakeQemuFolder()}/qemu-system-x86_64`;
    expect((await plan({}, { program })).program).toBe(program);
    expect((await plan({}, { program: "qemu-system-x86_64" })).program).toBe("qemu-system-x86_64");
  });

  test("is refused when this host cannot run the machine", async () => {
    const PATH = `${await fakeQemuFolder({ version: "7.2.17" })}:/usr/bin:/bin`;
    await expect(plan({ environment: { PATH } }, {})).rejects.toMatchObject({
      code: "QEMU_TOO_OLD",
    });
    await expect(plan({}, { accel: "whpx" })).rejects.toMatchObject({
      code: "ACCELERATOR_UNAVAILABLE",
    });
  });

  test.each([
    { architecture: "amd64", options: {}, firmware: null },
    { architecture: "amd64", options: { boot: "disk" }, firmware: null },
    { architecture: "amd64", options: { firmware: "uefi" }, firmware: "uefi" },
    { architecture: "arm64", options: {}, firmware: null },
    { architecture: "arm64", options: { boot: "iso" }, firmware: "uefi" },
  ] as const)("of an $architecture machine with $options has firmware $firmware", async (row) => {
    const { architecture, options, firmware } = row;
    const PATH = `${await fakeQemuFolder({ name: programNames[architecture] })}:/usr/bin:/bin`;
    const world = { environment: { PATH }, firmwarePlaces: await placesWithFirmware() };
    expect(await plan(world, options, { architecture })).toMatchObject({ architecture, firmware });
  });

  test("keeps a firmware's path valid for whatever folder QEMU is started in", async () => {
    const [path = ""] = (await placesWithFirmware()).undescribed.amd64;
    const { firmware } = await plan({}, { firmware: relative(process.cwd(), path) });
    expect(firmware).toBe(path);
  });
});

describe("a copy's plan", () => {
  async function replan(change: object, origin: CopySpec["origin"]) {
    const environment = { PATH: `${await fakeQemuFolder()}:/usr/bin:/bin` };
    const firmwarePlaces = await placesWithFirmware();
    const provider = createKvmProvider({ ...realWorld(), environment, firmwarePlaces });
    const copySpec: CopySpec = { ...spec, name: "copy", origin };
    const former = { ...sampleRecord, accel: "tcg", ...change };
    const replanned = await provider.replan?.(former, copySpec, recordedOperation());
    return parseKvmRecord(replanned);
  }

  test("has the hardware that there was, under an id and ports of its own", async () => {
    const { uuid, ports, name, ...hardware } = await replan({}, "this host");
    const { uuid: formerUuid, ports: _, name: __, ...formerHardware } = sampleRecord;
    expect(hardware).toEqual({ ...formerHardware, accel: "tcg" });
    expect(name).toBe("copy");
    expect(uuid).not.toBe(formerUuid);
  });

  test("keeps the user's own program and firmware on this host, and believes none from elsewhere", async () => {
    const program = `${await fakeQemuFolder()}/qemu-system-x86_64`;
    const [firmware] = (await placesWithFirmware()).undescribed.amd64;
    const own = { program, firmware };
    expect(await replan(own, "this host")).toMatchObject(own);
    const evil = { program: "/tmp/evil", firmware: "/tmp/evil.fd" };
    expect(await replan(evil, "elsewhere")).toMatchObject({ program: null, firmware: null });
    expect(await replan({ firmware: "uefi" }, "elsewhere")).toMatchObject({ firmware: "uefi" });
  });

  test("is made of no record that cannot be understood", async () => {
    await expect(replan({ memoryMiB: -1 }, "elsewhere")).rejects.toMatchObject({
      code: "RECORD_INVALID",
    });
  });
});

async function placesWithFirmware(): Promise<FirmwarePlaces> {
  const path = join(await temporaryDirectory(), "firmware.fd");
  await writeFile(path, "");
  return { descriptorFolders: [], undescribed: { amd64: [path], arm64: [path] } };
}
