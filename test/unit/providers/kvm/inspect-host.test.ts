import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inspectHost } from "../../../../src/providers/kvm/preflight/inspect-host.ts";
import {
  parseAccelerators,
  parseQemuVersion,
} from "../../../../src/providers/kvm/preflight/qemu-program.ts";
import { programNames } from "../../../../src/providers/kvm/preflight/remedies.ts";
import { createKvmProvider } from "../../../../src/providers/kvm/provider.ts";
import type { KvmWorld } from "../../../../src/providers/kvm/world.ts";
import { fakeQemuFolder } from "../../../support/providers/fake-qemu.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

const wanted = { architecture: "amd64", program: null, accel: "auto", firmware: null } as const;

/** A Debian host with a CPU that has vmx and a /dev/kvm that opens, unless changed. */
async function linuxHost({
  path,
  flags = "fpu vmx sse2",
  osRelease = 'ID=debian\nVERSION_ID="13"\n',
}: {
  path: string;
  flags?: string;
  osRelease?: string;
}): Promise<KvmWorld> {
  const folder = await temporaryDirectory();
  const linux = {
    kvmDevice: join(folder, "kvm"),
    cpuInfo: join(folder, "cpuinfo"),
    osRelease: join(folder, "os-release"),
    resolvConf: join(folder, "resolv.conf"),
  };
  await writeFile(linux.kvmDevice, "");
  await writeFile(linux.cpuInfo, `processor\t: 0\nflags\t\t: ${flags}\nbugs\t\t: none\n`);
  await writeFile(linux.osRelease, osRelease);
  return {
    platform: "linux",
    architecture: "amd64",
    environment: { PATH: `${path}:/usr/bin:/bin` },
    readResources: async () => ({
      totalMemoryMiB: 8192,
      availableMemoryMiB: 4096,
      cpuCount: 4,
    }),
    firmwarePlaces: { descriptorFolders: [], undescribed: { amd64: [], arm64: [] } },
    home: "/home/ann",
    temporaryDirectory: folder,
    linux,
  };
}

/** Has a shell for the fake program, and no QEMU of the real host. */
async function pathWithoutQemu(world: KvmWorld): Promise<KvmWorld> {
  return { ...world, environment: { PATH: await temporaryDirectory() } };
}

describe("what the host offers", () => {
  test("is kvm when device, CPU and QEMU agree", async () => {
    const path = await fakeQemuFolder({ accelerators: ["tcg", "kvm"] });
    const found = await inspectHost(await linuxHost({ path }), wanted, AbortSignal.timeout(9000));
    expect(found).toMatchObject({ accelerator: "kvm", notes: [] });
    expect(found.program.version).toEqual({ major: 10, minor: 0, text: "10.0.2" });
  });

  test.each(["fpu sse2", "fpu sse2 vmxnet", "fpu svm_lock"])(
    "is emulation when the CPU's flags are only: %s",
    async (flags) => {
      const path = await fakeQemuFolder({ accelerators: ["tcg", "kvm"] });
      const world = await linuxHost({ path, flags });
      const found = await inspectHost(world, wanted, AbortSignal.timeout(9000));
      expect(found.accelerator).toBe("tcg");
      expect(found.notes).toEqual([expect.stringContaining("neither svm nor vmx")]);
    },
  );

  test("is emulation when there is no device", async () => {
    const path = await fakeQemuFolder({ accelerators: ["tcg", "kvm"] });
    const world = await linuxHost({ path });
    const linux = { ...world.linux, kvmDevice: join(await temporaryDirectory(), "kvm") };
    const found = await inspectHost({ ...world, linux }, wanted, AbortSignal.timeout(9000));
    expect(found.accelerator).toBe("tcg");
  });

  test("cannot be used when a given program is missing", async () => {
    const world = await linuxHost({ path: await fakeQemuFolder() });
    const program = "/nowhere/qemu";
    await expect(
      inspectHost(world, { ...wanted, program }, AbortSignal.timeout(9000)),
    ).rejects.toMatchObject({
      code: "PROGRAM_MISSING",
      message: "there is no QEMU program /nowhere/qemu",
      hints: [expect.stringContaining("--kvm-program")],
    });
  });
});

describe("UEFI firmware", () => {
  test.each([
    { osRelease: "ID=debian\nVERSION_ID=13\n", architecture: "amd64", command: "install ovmf" },
    { osRelease: "ID=ubuntu\n", architecture: "arm64", command: "install qemu-efi-aarch64" },
    { osRelease: "ID=fedora\n", architecture: "arm64", command: "dnf install edk2-aarch64" },
    { osRelease: "ID=unheard-of\n", architecture: "amd64", command: "--kvm-firmware" },
  ] as const)(
    "that is missing is asked for with its package: $command",
    async ({ osRelease, architecture, command }) => {
      const name = programNames[architecture];
      const world = await linuxHost({ path: await fakeQemuFolder({ name }), osRelease });
      const missing = { ...wanted, architecture, firmware: "uefi" };
      await expect(inspectHost(world, missing, AbortSignal.timeout(9000))).rejects.toMatchObject({
        code: "FIRMWARE_MISSING",
        message: `there is no UEFI firmware for ${architecture} machines on this host`,
        hints: [expect.stringContaining(command)],
      });
    },
  );

  test("is the file that is named, or refused when that cannot be read", async () => {
    const world = await linuxHost({ path: await fakeQemuFolder() });
    const path = join(await temporaryDirectory(), "OVMF.fd");
    const given = { ...wanted, firmware: path };
    await expect(inspectHost(world, given, AbortSignal.timeout(9000))).rejects.toMatchObject({
      code: "FIRMWARE_MISSING",
      message: `the firmware ${path} cannot be read`,
    });
    await writeFile(path, "");
    const { firmware } = await inspectHost(world, given, AbortSignal.timeout(9000));
    expect(firmware).toEqual({ kind: "memory", path });
  });
});

describe("health", () => {
  test("is ready with version, accelerator and notes", async () => {
    const world = await linuxHost({ path: await fakeQemuFolder() });
    expect(await createKvmProvider(world).check(recordedOperation())).toEqual({
      state: "ready",
      version: "QEMU 10.0.2 (tcg)",
      notes: [expect.stringContaining("built without kvm")],
    });
  });

  test("is missing without a QEMU, with this system's remedy", async () => {
    const osRelease = "ID=arch\n";
    const world = await pathWithoutQemu(await linuxHost({ path: "", osRelease }));
    expect(await createKvmProvider(world).check(recordedOperation())).toEqual({
      state: "missing",
      problem: "qemu-system-x86_64 is not installed",
      hint: "install QEMU with `sudo pacman -S qemu-system-x86`",
    });
  });

  test("is degraded with a QEMU that is too old to emulate", async () => {
    const path = await fakeQemuFolder({ version: "7.2.17" });
    const osRelease = 'ID="debian"\nVERSION_ID="12"\n';
    const world = await linuxHost({ path, osRelease });
    expect(await createKvmProvider(world).check(recordedOperation())).toMatchObject({
      state: "degraded",
      hint: expect.stringContaining("bookworm-backports"),
    });
  });

  test("is degraded with a QEMU that does not run", async () => {
    const path = await temporaryDirectory();
    await writeFile(join(path, "qemu-system-x86_64"), "#!/bin/sh\necho broken >&2\nexit 127\n");
    await chmod(join(path, "qemu-system-x86_64"), 0o755);
    const world = await linuxHost({ path });
    expect(await createKvmProvider(world).check(recordedOperation())).toMatchObject({
      state: "degraded",
      problem: expect.stringContaining("broken"),
      hint: "reinstall QEMU",
    });
  });
});

test("QEMU's answers are read as it prints them", () => {
  expect(
    parseQemuVersion("QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)\n"),
  ).toEqual({ major: 10, minor: 0, text: "10.0.2" });
  expect(parseAccelerators("Accelerators supported in QEMU binary:\ntcg\nkvm\n")).toEqual([
    "tcg",
    "kvm",
  ]);
});

test("a program that tells no version is refused", () => {
  expect(() => parseQemuVersion("hello")).toThrow(
    expect.objectContaining({ code: "PROGRAM_FAILED" }),
  );
});
