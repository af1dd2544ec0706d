import type { Architecture } from "../../host/architecture.ts";
import type { HostResources } from "../../host/resources.ts";

/** What the provider knows of the host without asking VirtualBox. */
export interface VirtualBoxWorld {
  readonly platform: NodeJS.Platform;
  readonly architecture: Architecture;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** The user's home folder. */
  readonly home: string;
  /** The folder in which VirtualBox keeps this user's settings: its scope is that of a VBoxSVC. */
  readonly settingsFolder: string;
  readonly readResources: () => Promise<HostResources>;
  /** IPv4 addresses of this host's network interfaces, by the interface's name. */
  readonly readInterfaces: () => readonly { readonly name: string; readonly cidr: string }[];
  /** Whether another user of this host has VirtualBox running; host-only adapters are everybody's. */
  readonly isUsedByOthers: () => Promise<boolean>;
  /** Whether a machine is at that address now, of a network that this host is in. */
  readonly isAnswering: (address: string, signal: AbortSignal) => Promise<boolean>;
  /** Where Linux tells about itself, and VirtualBox about the networks that it allows. */
  readonly files: {
    readonly driver: string;
    readonly cpuInfo: string;
    readonly osRelease: string;
    readonly networks: string;
  };
  /** Multiplies every wait for VirtualBox itself; 1 but on emulated hosts. */
  readonly patience: number;
}

export const virtualBoxFiles: VirtualBoxWorld["files"] = {
  driver: "/dev/vboxdrv",
  cpuInfo: "/proc/cpuinfo",
  osRelease: "/etc/os-release",
  networks: "/etc/vbox/networks.conf",
};
