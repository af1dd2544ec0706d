import { test } from "vitest";
import { expectFirmwareBoot } from "../support/boots/firmware-boot.ts";

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
])(
  "$firmware boots the ISO from a $medium to an engine that answers",
  async ({ flags, device }) => {
    await expectFirmwareBoot(flags, device);
  },
);
