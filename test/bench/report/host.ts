import { cpus, homedir, tmpdir } from "node:os";
import { readResources } from "../../../src/host/resources.ts";
import { firmwarePlaces } from "../../../src/providers/kvm/firmware/find-firmware.ts";
import { inspectHost } from "../../../src/providers/kvm/preflight/inspect-host.ts";
import { type KvmWorld, linuxPaths } from "../../../src/providers/kvm/world.ts";

/** What the numbers depend on besides this program. */
export interface HostDescription {
  readonly platform: string;
  readonly processor: string;
  readonly cpuCount: number;
  readonly memoryMiB: number;
  readonly node: string;
  readonly qemu: string;
  readonly accelerator: string;
}

/** This host, as the command line describes it to the provider. */
export function thisHost(): KvmWorld {
  return {
    platform: process.platform,
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    environment: process.env,
    readResources,
    home: homedir(),
    temporaryDirectory: tmpdir(),
    firmwarePlaces,
    linux: linuxPaths,
  };
}

/** @throws TsmachineError of inspectHost */
export async function describeHost(world: KvmWorld, signal: AbortSignal): Promise<HostDescription> {
  const { architecture } = world;
  const wanted = { architecture, program: null, accel: "auto", firmware: null } as const;
  const { cpuCount, totalMemoryMiB } = await world.readResources();
  const { program, accelerator } = await inspectHost(world, wanted, signal);
  return {
    platform: `${world.platform} ${world.architecture}`,
    processor: cpus()[0]?.model ?? "unknown",
    cpuCount,
    memoryMiB: Math.round(totalMemoryMiB),
    node: process.versions.node,
    qemu: program.version.text,
    accelerator,
  };
}

export function formatHost(host: HostDescription): string {
  return (
    `${host.platform}, ${host.processor}, ${host.cpuCount} CPUs, ${host.memoryMiB} MiB; ` +
    `Node ${host.node}; QEMU ${host.qemu} (${host.accelerator})`
  );
}
