import type { Architecture } from "../../../host/architecture.ts";
import {
  installCommand,
  type OperatingSystem,
  type PackageNames,
} from "../preflight/install-command.ts";

/** How to install UEFI firmware here: one imperative sentence with the exact command. */
export function installFirmwareRemedy(system: OperatingSystem, architecture: Architecture): string {
  const command = installCommand(system, packages[architecture]);
  const path = "give the path of one with `--kvm-firmware`";
  return command === undefined ? path : `install it with \`${command}\`, or ${path}`;
}

const elsewhere = { darwin: "brew reinstall qemu" } as const;

const packages = {
  amd64: {
    ...{ debian: "ovmf", fedora: "edk2-ovmf", rhel: "edk2-ovmf", arch: "edk2-ovmf" },
    ...{ suse: "qemu-ovmf-x86_64", alpine: "ovmf", elsewhere },
  },
  arm64: {
    ...{ debian: "qemu-efi-aarch64", fedora: "edk2-aarch64", rhel: "edk2-aarch64" },
    ...{ arch: "edk2-aarch64", suse: "qemu-uefi-aarch64", alpine: "aavmf", elsewhere },
  },
} as const satisfies Record<Architecture, PackageNames>;
