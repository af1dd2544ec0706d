import { expect, test } from "vitest";
import { openSharedCacheStore, smallMachine } from "../support/machines/machine.ts";
import { commandLineOf, processesIn } from "../support/machines/tsmachine-processes.ts";

const cdRom = "ide-cd,bus=ide.0,drive=iso,bootindex=0";

test.each([
  { firmware: "a BIOS", medium: "CD-ROM", flags: ["--kvm-boot", "iso"], device: cdRom },
  { firmware: "a BIOS", medium: "disk", flags: ["--kvm-boot", "disk"] },
  {
    ...{ firmware: "UEFI", medium: "CD-ROM", device: cdRom },
    flags: ["--kvm-boot", "iso", "--kvm-firmware", "uefi"],
  },
  {
    ...{ firmware: "UEFI", medium: "disk" },
    flags: ["--kvm-boot", "disk", "--kvm-firmware", "uefi"],
  },
  {
    ...{ firmware: "UEFI of arm64", medium: "CD-ROM" },
    flags: ["--arch", "arm64", "--kvm-boot", "iso"],
  },
])(
  "$firmware boots the ISO from a $medium to an engine that answers",
  async ({ flags, device }) => {
    await using store = await openSharedCacheStore();
    // The firmware reads the ISO through an emulated drive: minutes, where all is emulated.
    const create = `TSMACHINE_BOOT_TIMEOUT=480 tsmachine create ${[...smallMachine, ...flags].join(" ")} default`;
    expect(await store.shell(create)).toMatchObject({ exitCode: 0 });
    const [qemu] = await processesIn(store.path);
    const words = qemu === undefined ? [] : await commandLineOf(qemu);
    expect(words).not.toContain("-kernel");
    if (device !== undefined) expect(words).toContain(device);
    const script = 'eval "$(tsmachine env --shell sh default)" && docker version -f {{.Server.Os}}';
    expect(await store.shell(script)).toMatchObject({ exitCode: 0, stdout: "linux\n" });
    expect(await store.tsmachine("stop", "default")).toMatchObject({ exitCode: 0 });
  },
);
