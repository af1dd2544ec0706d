import type { Architecture } from "../../host/architecture.ts";
import type { HostResources } from "../../host/resources.ts";
import type { FirmwarePlaces } from "./firmware/find-firmware.ts";

/** What the provider knows of the host without asking a program. */
export interface KvmWorld {
  readonly platform: NodeJS.Platform;
  readonly architecture: Architecture;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readResources: () => Promise<HostResources>;
  /** Where packages put UEFI firmware. */
  readonly firmwarePlaces: FirmwarePlaces;
  /** The user's home folder. */
  readonly home: string;
  /** Where short-lived files go. */
  readonly temporaryDirectory: string;
  /** Where Linux tells about itself: /dev/kvm, /proc/cpuinfo, /etc/os-release, and, as macOS does, /etc/resolv.conf. */
  readonly linux: {
    readonly kvmDevice: string;
    readonly cpuInfo: string;
    readonly osRelease: string;
    readonly resolvConf: string;
  };
}

export const linuxPaths: KvmWorld["linux"] = {
  kvmDevice: "/dev/kvm",
  cpuInfo: "/proc/cpuinfo",
  osRelease: "/etc/os-release",
  resolvConf: "/etc/resolv.conf",
};
