import type { Architecture } from "../../../host/architecture.ts";
import type { OperatingSystem } from "../preflight/remedies.ts";

/** How to install UEFI firmware here: one imperative sentence with the exact command. */
export function installFirmwareRemedy(system: OperatingSystem, architecture: Architecture): string {
  const command = installCommand(system, architecture);
  const path = "give the path of one with `--kvm-firmware`";
  return command === undefined ? path : `install it with \`${command}\`, or ${path}`;
}

function installCommand(
  { platform, families }: OperatingSystem,
  architecture: Architecture,
): string | undefined {
  if (platform === "darwin") return "brew reinstall qemu";
  for (const family of families) {
    const command = linuxInstallCommand(family, architecture);
    if (command !== undefined) return command;
  }
  return undefined;
}

function linuxInstallCommand(family: string, architecture: Architecture): string | undefined {
  const isX86 = architecture === "amd64";
  switch (family) {
    case "debian":
    case "ubuntu":
      return `sudo apt-get install ${isX86 ? "ovmf" : "qemu-efi-aarch64"}`;
    case "fedora":
    case "rhel":
    case "centos":
      return `sudo dnf install ${isX86 ? "edk2-ovmf" : "edk2-aarch64"}`;
    case "arch":
      return `sudo pacman -S ${isX86 ? "edk2-ovmf" : "edk2-aarch64"}`;
    case "suse":
    case "opensuse":
      return `sudo zypper install ${isX86 ? "qemu-ovmf-x86_64" : "qemu-uefi-aarch64"}`;
    case "alpine":
      return `sudo apk add ${isX86 ? "ovmf" : "aavmf"}`;
    default:
      return undefined;
  }
}
