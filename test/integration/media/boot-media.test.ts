import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Architecture } from "../../../src/host/architecture.ts";
import { hasProgram } from "../../support/archives/programs.ts";
import {
  type BootIsos,
  buildBootIsos,
  initramfsGreeting,
  testCommandLine,
} from "../../support/boots/boot-iso.ts";
import { bootMedium } from "../../support/boots/boot-medium.ts";
import { reachableMirror } from "../../support/debian/live-mirror.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const flash = (unit: number, path: string) => [
  "-drive",
  `if=pflash,format=raw,unit=${unit},snapshot=on,file=${path}`,
];

/** Arguments of QEMU, with the files that they need. */
const firmware = {
  SeaBIOS: ["-machine", "q35"],
  UEFI: [
    ...["-machine", "q35"],
    ...flash(0, "/usr/share/OVMF/OVMF_CODE_4M.fd"),
    ...flash(1, "/usr/share/OVMF/OVMF_VARS_4M.fd"),
  ],
  "UEFI with Secure Boot": [
    ...["-machine", "q35,smm=on"],
    ...["-global", "driver=cfi.pflash01,property=secure,value=on"],
    ...flash(0, "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd"),
    ...flash(1, "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"),
  ],
  "UEFI for arm64": ["-machine", "virt", "-bios", "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"],
} as const;

const media = {
  "a SATA CD-ROM": ["-device", "ide-cd,drive=iso"],
  "a SCSI CD-ROM": ["-device", "virtio-scsi-pci", "-device", "scsi-cd,drive=iso"],
  "a SATA disk": ["-device", "ide-hd,drive=iso"],
  "a virtio disk": ["-device", "virtio-blk-pci,drive=iso"],
  "a USB stick": ["-device", "qemu-xhci", "-device", "usb-storage,drive=iso"],
} as const;

const mirror = await reachableMirror();
const isPossible =
  mirror !== undefined &&
  ["qemu-system-x86_64", "qemu-system-aarch64"].every(hasProgram) &&
  existsSync("/usr/share/OVMF/OVMF_CODE_4M.fd") &&
  existsSync("/usr/share/qemu-efi-aarch64/QEMU_EFI.fd");

describe.skipIf(!isPossible)("an ISO with boot loaders, as built from Debian's packages", () => {
  let folder: string;
  const isos = new Map<Architecture, BootIsos>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tsmachine-media-"));
    if (mirror === undefined) return;
    for (const architecture of ["amd64", "arm64"] as const) {
      isos.set(architecture, await buildBootIsos(architecture, { mirror, folder }));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ["amd64", "SeaBIOS", "a SATA CD-ROM"],
    ["amd64", "SeaBIOS", "a SATA disk"],
    ["amd64", "SeaBIOS", "a virtio disk"],
    ["amd64", "SeaBIOS", "a USB stick"],
    ["amd64", "UEFI", "a SATA CD-ROM"],
    ["amd64", "UEFI", "a SATA disk"],
    ["amd64", "UEFI", "a virtio disk"],
    ["amd64", "UEFI", "a USB stick"],
    ["amd64", "UEFI with Secure Boot", "a SATA CD-ROM"],
    ["amd64", "UEFI with Secure Boot", "a USB stick"],
    ["arm64", "UEFI for arm64", "a SCSI CD-ROM"],
    ["arm64", "UEFI for arm64", "a virtio disk"],
    ["arm64", "UEFI for arm64", "a USB stick"],
  ] as const)("boots %s with %s from %s", async (architecture, firmwareName, mediumName) => {
    const output = await bootMedium({
      architecture,
      iso: isos.get(architecture)?.whole ?? "",
      firmware: firmware[firmwareName],
      medium: media[mediumName],
      log: join(await temporaryDirectory(), "console.log"),
    });
    expect(output).toContain(testCommandLine(architecture));
    expect(output).toContain(initramfsGreeting);
    const isSecure = output.includes("UEFI Secure Boot is enabled");
    expect(isSecure).toBe(firmwareName === "UEFI with Secure Boot");
  });

  // QEMU's UEFI finds El Torito's records on a disk, too; that of real computers does not.
  test.each(["UEFI", "UEFI for arm64"] as const)(
    "boots with %s from its partition alone",
    async (name) => {
      const architecture = name === "UEFI" ? "amd64" : "arm64";
      const output = await bootMedium({
        architecture,
        iso: isos.get(architecture)?.partitionsAlone ?? "",
        firmware: firmware[name],
        medium: media["a USB stick"],
        log: join(await temporaryDirectory(), "console.log"),
      });
      expect(output).toContain(testCommandLine(architecture));
      expect(output).toContain(initramfsGreeting);
    },
  );
});
