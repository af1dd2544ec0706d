import type { Architecture } from "../../../host/architecture.ts";

/** Which operating system runs here, as far as it decides where QEMU comes from. */
export interface OperatingSystem {
  readonly platform: NodeJS.Platform;
  /** ID and then ID_LIKE of os-release(5), nearest first; empty when unknown. */
  readonly families: readonly string[];
  /** VERSION_ID of os-release(5). */
  readonly version: string;
}

/** How to install QEMU here: one imperative sentence with the exact command. */
export function installQemuRemedy(system: OperatingSystem, architecture: Architecture): string {
  if (hasOldPackage(system)) return newerQemuRemedy(system, architecture);
  const command = installCommand(system, architecture);
  return command === undefined
    ? `install QEMU 8.2 or newer (${programNames[architecture]}) and put it on PATH`
    : `install QEMU with \`${command}\``;
}

/** How to get a QEMU that emulates correctly, where an older one is installed. */
export function newerQemuRemedy(system: OperatingSystem, architecture: Architecture): string {
  const [family] = system.families;
  if (family === "debian" && system.version === "12") {
    return `add the suite bookworm-backports to apt's sources, then run \`sudo apt-get update && sudo apt-get install -t bookworm-backports ${debianPackages[architecture]}\``;
  }
  if (family === "ubuntu" && Number.parseFloat(system.version) < 24.04) {
    return "upgrade this host to Ubuntu 24.04 or newer with `sudo do-release-upgrade`, or install QEMU 8.2 or newer from source";
  }
  const command = installCommand(system, architecture);
  return command === undefined
    ? `install QEMU 8.2 or newer (${programNames[architecture]}) and put it first on PATH`
    : `update QEMU to 8.2 or newer with \`${command}\``;
}

/** How to get a QEMU that is built with this system's accelerator. */
export function wholeQemuRemedy(system: OperatingSystem, architecture: Architecture): string {
  const command = installCommand(system, architecture);
  return command === undefined
    ? `install a QEMU that lists it in \`${programNames[architecture]} -accel help\``
    : `install your system's own QEMU with \`${command}\``;
}

export const programNames = {
  amd64: "qemu-system-x86_64",
  arm64: "qemu-system-aarch64",
} as const satisfies Record<Architecture, string>;

const debianPackages = {
  amd64: "qemu-system-x86",
  arm64: "qemu-system-arm",
} as const satisfies Record<Architecture, string>;

function hasOldPackage({ families, version }: OperatingSystem): boolean {
  const [family] = families;
  return family === "debian" && version === "12";
}

function installCommand(
  { platform, families }: OperatingSystem,
  architecture: Architecture,
): string | undefined {
  if (platform === "darwin") return "brew install qemu";
  if (platform === "win32") return "winget install --exact --id SoftwareFreedomConservancy.QEMU";
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
      return `sudo apt-get install ${debianPackages[architecture]}`;
    case "fedora":
      return `sudo dnf install ${isX86 ? "qemu-system-x86" : "qemu-system-aarch64"}`;
    case "rhel":
    case "centos":
      return "sudo dnf install qemu-kvm";
    case "arch":
      return `sudo pacman -S ${isX86 ? "qemu-system-x86" : "qemu-system-aarch64"}`;
    case "suse":
    case "opensuse":
      return `sudo zypper install ${isX86 ? "qemu-x86" : "qemu-arm"}`;
    case "alpine":
      return `sudo apk add ${programNames[architecture]}`;
    default:
      return undefined;
  }
}
