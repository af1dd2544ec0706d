import type { Firmware } from "../firmware/descriptor.ts";
import { fileNames, type KvmMachine } from "../record.ts";
import { blockdev } from "./block-arguments.ts";

/** What the machine runs first; nothing when that is what QEMU brings. */
export function firmwareArguments(firmware: Firmware | undefined): string[] {
  switch (firmware?.kind) {
    case undefined:
      return [];
    case "memory":
      return ["-bios", firmware.path];
    case "flash": {
      const { program, variables } = firmware;
      const { format } = variables;
      return [
        ...blockdev({ node: "firmware", ...program, access: "read-only" }),
        ...blockdev({
          ...{ node: "variables", path: fileNames.firmwareVariables },
          ...{ access: "read-write", format },
        }),
        // Settings of the machine type, whose name is given elsewhere.
        ...["-machine", "pflash0=firmware,pflash1=variables"],
      ];
    }
  }
}

/** What is booted: the kernel itself, or the boot ISO by the firmware, before any other disk. */
export function bootArguments(machine: KvmMachine): string[] {
  const { boot, images } = machine;
  const iso = blockdev({ node: "iso", path: images.bootIso, access: "read-only" });
  switch (boot) {
    case "direct":
      return [
        ...["-kernel", images.kernel],
        ...["-initrd", images.initramfs],
        ...["-append", images.commandLine],
      ];
    case "iso":
      return [...iso, ...cdrom(machine)];
    case "disk":
      return [...iso, "-device", "virtio-blk-pci,drive=iso,bootindex=0"];
  }
}

function cdrom({ architecture }: KvmMachine): string[] {
  return architecture === "amd64"
    ? ["-device", "ide-cd,bus=ide.0,drive=iso,bootindex=0"]
    : [
        ...["-device", "virtio-scsi-pci,id=scsi"],
        ...["-device", "scsi-cd,bus=scsi.0,drive=iso,bootindex=0"],
      ];
}
