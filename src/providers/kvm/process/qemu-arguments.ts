import type { Architecture } from "../../../host/architecture.ts";
import type { Firmware } from "../firmware/descriptor.ts";
import type { MemoryFacts } from "../memory/saved-memory.ts";
import { networkId } from "../network/usernet.ts";
import type { Accelerator } from "../preflight/accelerator.ts";
import { fileNames, type KvmMachine, pathOf } from "../record.ts";
import { folderArguments } from "../sharing/folder-arguments.ts";
import type { OfferedFolders } from "../sharing/offered-folders.ts";
import { disk } from "./block-arguments.ts";
import { bootArguments, firmwareArguments } from "./boot-arguments.ts";

export interface QemuHost {
  readonly accelerator: Accelerator;
  /** Undefined: the one that QEMU brings. */
  readonly firmware: Firmware | undefined;
  readonly platform: NodeJS.Platform;
  /** There when the guest goes on with its memory that was saved. */
  readonly memory?: MemoryFacts | undefined;
  /** Absent where the guest gets no folders of this host. */
  readonly offered?: OfferedFolders | undefined;
  /** Domain names that the guest is told by DHCP; see searchDomains. */
  readonly searchDomains?: readonly string[];
}

/**
 * The command line of QEMU, to be run in the machine's folder: most paths of the machine's own files
 * are relative, which keeps the control socket below the limit of unix(7).
 *
 * The guest finds its disks by serial number: "data", "engine" and "seed".
 * https://www.qemu.org/docs/master/system/invocation.html
 */
export function qemuArguments(
  machine: KvmMachine,
  { accelerator, firmware, platform, memory, offered, searchDomains }: QemuHost,
): string[] {
  return [
    ...identity(machine),
    ...hardware(machine, accelerator, memory),
    ...control(machine, platform),
    ...firmwareArguments(firmware),
    ...bootArguments(machine),
    ...disk({ serial: dataDiskNode, path: fileNames.dataDisk, access: "read-write" }),
    ...disk({ serial: "engine", path: machine.images.engineImage, access: "read-only" }),
    ...disk({ serial: "seed", path: machine.images.seedImage, access: "read-only" }),
    ...network(machine, searchDomains),
    ...(offered === undefined
      ? []
      : folderArguments(machine, { offered, memoryMiB: memoryOf(machine, memory) })),
    ...["-device", "virtio-rng-pci"],
    ...(hasPowerKey(machine) ? ["-device", "virtio-keyboard-pci"] : []),
    ...(memory === undefined ? [] : incoming),
  ];
}

/** The guest stays halted when its memory is there, until the file is no more: it could not be used twice. */
const incoming = ["-incoming", `file:${fileNames.memory}`, "-S"];

/**
 * Whether the guest has a keyboard for the sake of its power key. The button of machine type virt is
 * an ACPI device behind UEFI alone, and else a GPIO key, for which Debian's cloud kernel has no driver.
 */
export function hasPowerKey({ architecture }: Pick<KvmMachine, "architecture">): boolean {
  return architecture === "arm64";
}

/** The data disk's name for QEMU, and its serial number for the guest. */
export const dataDiskNode = "data";

/** The part that no other process has on its command line. */
export function identifyingArguments(machine: Pick<KvmMachine, "uuid">): string[] {
  return ["-uuid", machine.uuid];
}

/** The part that no process in another folder has; it stays when the folder is deleted. */
export function placingArguments(machine: Pick<KvmMachine, "directory">): string[] {
  return ["-pidfile", pathOf(machine, "pidFile")];
}

function identity(machine: KvmMachine): string[] {
  return [
    ...["-name", `tsmachine-${machine.name}`.replaceAll(",", ",,")],
    ...identifyingArguments(machine),
    ...["-nodefaults", "-no-user-config"],
    ...["-display", "none"],
  ];
}

/** Under emulation q35 and pc boot Debian's cloud kernel equally fast; q35 has PCI Express. */
const machineTypes = { amd64: "q35", arm64: "virt" } as const satisfies Record<
  Architecture,
  string
>;

function hardware(
  machine: KvmMachine,
  accelerator: Accelerator,
  memory: MemoryFacts | undefined,
): string[] {
  return [
    ...["-machine", memory?.machineType ?? machineTypes[machine.architecture]],
    ...["-accel", accelerator],
    ...["-cpu", cpuModel(machine.architecture, accelerator)],
    ...["-smp", String(memory?.cpuCount ?? machine.cpuCount)],
    ...["-m", `${memoryOf(machine, memory)}M`],
    ...["-rtc", "base=utc"],
  ];
}

function memoryOf({ memoryMiB }: KvmMachine, memory: MemoryFacts | undefined): number {
  return memory?.memoryMiB ?? memoryMiB;
}

function cpuModel(architecture: Architecture, accelerator: Accelerator): string {
  switch (accelerator) {
    case "kvm":
    case "hvf":
      return "host";
    case "whpx":
      return "max";
    case "tcg":
      // The architected pointer authentication is a costly cipher to emulate.
      return architecture === "arm64" ? "max,pauth-impdef=on" : "max";
  }
}

function control(machine: KvmMachine, platform: NodeJS.Platform): string[] {
  const { qmp } = machine.ports;
  const socket = qmp === null ? `unix:${fileNames.qmpSocket}` : `tcp:127.0.0.1:${qmp}`;
  return [
    ...["-qmp", `${socket},server=on,wait=off`],
    ...placingArguments(machine),
    // Appending keeps the file whole when somebody else empties it to free space.
    ...["-chardev", `file,id=console,path=${fileNames.consoleLog},append=on`],
    ...["-serial", "chardev:console"],
    // A guest that panics and says so through the device ends QEMU and does not hang for ever.
    ...["-device", "pvpanic-pci"],
    ...["-action", "panic=exit-failure"],
    ...(platform === "linux"
      ? ["-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"]
      : []),
  ];
}

/** Docker's port for TLS, as registered with IANA. */
const dockerPort = 2376;
const sshPort = 22;

function network({ ports }: KvmMachine, searchDomains: readonly string[] = []): string[] {
  const forwards = [
    `hostfwd=tcp:127.0.0.1:${ports.ssh}-:${sshPort}`,
    `hostfwd=tcp:127.0.0.1:${ports.docker}-:${dockerPort}`,
  ];
  const settings = [...forwards, ...searchDomains.map((domain) => `dnssearch=${domain}`)];
  return [
    ...["-netdev", `user,id=${networkId},${settings.join(",")}`],
    // Without an option ROM the firmware does not try to boot from the network.
    ...["-device", `virtio-net-pci,netdev=${networkId},romfile=`],
  ];
}
