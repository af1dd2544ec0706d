import type { Architecture } from "../../../host/architecture.ts";
import { installCommand, type OperatingSystem, type PackageNames } from "./install-command.ts";

/** How to install QEMU here: one imperative sentence with the exact command. */
export function installQemuRemedy(system: OperatingSystem, architecture: Architecture): string {
  if (hasOldPackage(system)) return newerQemuRemedy(system, architecture);
  const command = installCommand(system, packages[architecture]);
  return command === undefined
    ? `install QEMU 8.2 or newer (${programNames[architecture]}) and put it on PATH`
    : `install QEMU with \`${command}\``;
}

/** How to get a QEMU that emulates correctly, where an older one is installed. */
export function newerQemuRemedy(system: OperatingSystem, architecture: Architecture): string {
  const [family] = system.families;
  if (family === "debian" && system.version === "12") {
    return `add the suite bookworm-backports to apt's sources, then run \`sudo apt-get update && sudo apt-get install -t bookworm-backports ${packages[architecture].debian}\``;
  }
  if (family === "ubuntu" && Number.parseFloat(system.version) < 24.04) {
    return "upgrade this host to Ubuntu 24.04 or newer with `sudo do-release-upgrade`, or install QEMU 8.2 or newer from source";
  }
  const command = installCommand(system, packages[architecture]);
  return command === undefined
    ? `install QEMU 8.2 or newer (${programNames[architecture]}) and put it first on PATH`
    : `update QEMU to 8.2 or newer with \`${command}\``;
}

/** How to get a QEMU that is built with this system's accelerator. */
export function wholeQemuRemedy(system: OperatingSystem, architecture: Architecture): string {
  const command = installCommand(system, packages[architecture]);
  return command === undefined
    ? `install a QEMU that lists it in \`${programNames[architecture]} -accel help\``
    : `install your system's own QEMU with \`${command}\``;
}

export const programNames = {
  amd64: "qemu-system-x86_64",
  arm64: "qemu-system-aarch64",
} as const satisfies Record<Architecture, string>;

const elsewhere = {
  darwin: "brew install qemu",
  win32: "winget install --exact --id SoftwareFreedomConservancy.QEMU",
} as const;

const packages = {
  amd64: {
    ...{ debian: "qemu-system-x86", fedora: "qemu-system-x86", rhel: "qemu-kvm" },
    ...{ arch: "qemu-system-x86", suse: "qemu-x86", alpine: programNames.amd64, elsewhere },
  },
  arm64: {
    ...{ debian: "qemu-system-arm", fedora: "qemu-system-aarch64", rhel: "qemu-kvm" },
    ...{ arch: "qemu-system-aarch64", suse: "qemu-arm", alpine: programNames.arm64, elsewhere },
  },
} as const satisfies Record<Architecture, PackageNames>;

function hasOldPackage({ families, version }: OperatingSystem): boolean {
  const [family] = families;
  return family === "debian" && version === "12";
}
