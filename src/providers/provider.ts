import type * as z from "zod";
import type { Architecture } from "../host/architecture.ts";

/** What a kind of hypervisor can do; plain data. */
export interface Capabilities {
  /** False: a host or engine that is only adopted; it is never made, switched on or off, or removed. */
  readonly ownsInstance: boolean;
  /** True: it takes the images whose paths are in MachinePlaces; false: its machines have none. */
  readonly bootsIso: boolean;
  /** True: Instance.suspension is there. */
  readonly suspension: boolean;
  /** True: Instance.snapshots is there. */
  readonly snapshots: boolean;
  /** True: Instance.resizing is there. */
  readonly resizing?: boolean;
  /** True: MachineSpec.folders is heeded, and Instance.sharing is there. */
  readonly sharing?: boolean;
  /** True: Instance.portable and Provider.replan are there. */
  readonly portable?: boolean;
  /**
   * True: Instance.forwards is there, and ports of the guest are reached from this host by forwards alone.
   * False: they are reached at the instance's own address, or not at all.
   */
  readonly forwards: boolean;
  /**
   * True: an instance's address is known only after its start, and may change at the next. Core waits
   * for it, and gives the engine a certificate for it.
   */
  readonly dynamicEndpoint: boolean;
  /** True: the guest gets BootImages.commandLine as it is; elsewhere the ISO's own may count. */
  readonly kernelArguments?: boolean;
  /** False: changes of two instances must not overlap. */
  readonly parallel: boolean;
  /**
   * The flavour of Debian's kernels that has the drivers of its machines, see docs/kernels.md; absent
   * where they boot no images.
   */
  readonly kernelFlavour?: "cloud" | "full";
  /**
   * The address by which a guest reaches servers on this host's loopback address, such as a proxy;
   * absent where it cannot.
   */
  readonly hostLoopback?: string;
  /** The address that every guest has in a network of its own; absent where each has another. */
  readonly guestAddress?: string;
  /**
   * True: the hardware clock of a machine that is saved, paused, or on a host that sleeps stands still as well. Core
   * tells the guest the time. Absent where it goes on with this host's, by which the guest sets itself right.
   */
  readonly clockStandsStill?: boolean;
}

export interface Operation {
  readonly signal: AbortSignal;
  /** One line about the step under way, for the task list. */
  report(step: string): void;
}

export type Health =
  | { readonly state: "ready"; readonly version: string; readonly notes: readonly string[] }
  | {
      /** "unsupported": nothing can be installed on this host that would change it. */
      readonly state: "degraded" | "missing" | "unsupported";
      readonly problem: string;
      /** The exact remedy. */
      readonly hint: string;
    };

export type PowerState =
  | "absent"
  | "stopped"
  /** The guest has ended by a fault, and the hypervisor keeps a process of it until it is powered off. */
  | "crashed"
  | "starting"
  | "running"
  | "stopping"
  /** Halted by somebody, and held in this host's memory: lost when the host goes down. */
  | "paused"
  /** Saved to disk, memory and all. */
  | "suspended"
  | "unknown";

/** Where a machine is reached from this host. */
export interface Endpoint {
  /**
   * A host name or IP address; empty when `engineUrl` names none, and while that of an instance with a
   * dynamic endpoint is not known.
   */
  readonly address: string;
  /** Absent where nobody can log in. */
  readonly sshPort?: number;
  /** Who logs in there; the guest's own user when absent. */
  readonly sshUser?: string;
  /** Absent only where there is an `engineUrl` without an engine's TCP port. */
  readonly dockerPort?: number;
  /** The engine's URL in the words of whoever gave it; tcp://ADDRESS:DOCKERPORT when absent. */
  readonly engineUrl?: string;
}

/** Absolute paths of the images a machine boots. The first four are shared and never written. */
export interface BootImages {
  readonly kernel: string;
  readonly initramfs: string;
  readonly bootIso: string;
  readonly engineImage: string;
  readonly seedImage: string;
  /** Kernel command line, common to direct boot and the boot ISO. */
  readonly commandLine: string;
}

/** What the hypervisor gives a guest and the guest cannot find out by itself; it is told by its seed image. */
export interface GuestSettings {
  /** Of network interfaces that do not ask by DHCP. */
  readonly addresses: readonly FixedAddress[];
  readonly folders: readonly FolderMount[];
}

export interface FixedAddress {
  /** The interface's, as Linux writes it: "08:00:27:1a:2b:3c". */
  readonly mac: string;
  /** IPv4 address and length of the prefix: "192.168.56.7/24". */
  readonly cidr: string;
}

/** A folder of this host, as the guest mounts it at each boot. */
export interface FolderMount {
  /** The file system's type, as mount(8) takes it; "virtio": virtiofs or 9p, whichever is offered under the tag. */
  readonly type: "vboxsf" | "virtio";
  /** What the hypervisor calls it; no white space. */
  readonly tag: string;
  /** Absolute, in the guest; neither tabs nor line ends. */
  readonly mountPoint: string;
  readonly isReadOnly?: boolean;
}

/** A folder of this host that the guest has, and nothing above or beside it. */
export interface SharedFolder {
  /** Absolute, on this host. */
  readonly path: string;
  /** Absolute, in the guest; neither tabs nor line ends. */
  readonly mountPoint: string;
  /** True: the guest changes nothing in it, whatever it tries. */
  readonly isReadOnly: boolean;
}

export interface MachineSpec {
  readonly name: string;
  readonly architecture: Architecture;
  /**
   * Where the machine's folder will be: an instance with files there is what an interrupted creation has left, and
   * no reason to refuse the name. Absent where nothing can be left.
   */
  readonly directory?: string | undefined;
  /** Absent: those that the provider shares unless it is told otherwise. */
  readonly folders?: readonly SharedFolder[] | undefined;
}

export interface CopySpec extends MachineSpec {
  /** "elsewhere": files of the host that the record names are not believed; this host's own take their place. */
  readonly origin: "this host" | "elsewhere";
}

/** Where a machine's files are now: a store can be moved, and a machine be given other images. */
export interface MachinePlaces {
  /** The machine's own folder, mode 0700; whatever the instance writes goes below it. */
  readonly directory: string;
  /** There for providers that boot them. */
  readonly images?: BootImages;
}

/** The places of a machine that boots images. */
export type BootPlaces = Required<MachinePlaces>;

/** Values that survive JSON, so that a record can hold them. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A kind of hypervisor. Stateless: all it needs of an instance later is in its record. */
export interface Provider {
  readonly id: string;
  /** Other ids users may give for the same provider, such as docker-machine's name for it. */
  readonly aliases: readonly string[];
  readonly capabilities: Capabilities;
  /**
   * Validates create options and yields the command-line flags: every field is coerced from the
   * flag's text, and its `meta()` has `description` and `flag`, the flag's name after `--ID-`.
   */
  readonly options: z.ZodObject;
  /**
   * Looks at the host, for machines of its own architecture. Never throws because something is not installed. Before a machine is made, it is
   * told the create options, which may make the host's own state matter less.
   */
  check(operation: Operation, options?: unknown): Promise<Health>;
  /**
   * The flavour of kernel that a machine with these folders needs; that of its capabilities where this is absent.
   * @throws TsmachineError CAPABILITY_MISSING where this host cannot share them
   */
  readonly flavourFor?: (
    spec: Pick<MachineSpec, "folders">,
    options: unknown,
    operation: Operation,
  ) => Promise<"cloud" | "full">;
  /**
   * Picks names, ports and ids for a new instance; changes nothing. The result is its record, which
   * names no file of the store.
   * @throws TsmachineError INVALID_INPUT, or why this host cannot run such a machine.
   */
  plan(spec: MachineSpec, options: unknown, operation: Operation): Promise<Json>;
  /**
   * The record of another instance with the hardware of this one, which has ids and ports of its own; changes
   * nothing. The record may be anybody's, from an archive. There where instances are portable.
   * @throws TsmachineError RECORD_INVALID, or why this host cannot run such a machine.
   */
  readonly replan?: (record: Json, spec: CopySpec, operation: Operation) => Promise<Json>;
  /**
   * The record of a host that docker-machine's driver of this provider's name knows, from the part
   * "Driver" of its configuration. Absent where there is more to a machine than its address.
   * @throws TsmachineError IMPORT_INVALID
   */
  readonly adopt?: (driver: Json) => Json;
  /** Reopens an instance from its record; does no I/O. */
  open(record: Json, places: MachinePlaces): Instance;
  /**
   * Ends whatever of this provider still runs from a machine's folder whose record is lost, also when
   * the folder itself is. A folder without traces of this provider is none of its business: success.
   * @throws TsmachineError when something runs and cannot be ended.
   */
  abandon(directory: string, operation: Operation): Promise<void>;
}

export interface Instance {
  /**
   * Safe to call again after a crash half-way. Returns the record to store in place of the old one:
   * what the hypervisor chooses is known only now.
   */
  create(operation: Operation): Promise<Json>;
  /** Removing what is already gone succeeds. */
  remove(operation: Operation): Promise<void>;
  /**
   * Powers on; readiness belongs to core. Starting what already runs succeeds.
   * Returns the record to store in place of the old one (a port may have had to change).
   */
  start(operation: Operation): Promise<Json>;
  /** "shutdown" asks the guest and returns at once; "power-off" has ended the instance on return. */
  stop(how: "shutdown" | "power-off", operation: Operation): Promise<void>;
  power(operation: Operation): Promise<PowerState>;
  /**
   * Where the instance is reached now. Where the provider's endpoints are dynamic its address is ""
   * while it is off, and until the hypervisor knows it some time after a start; then it stays the same
   * for as long as the instance runs, unless its network changes. Elsewhere it is there from `create`
   * on, and only a start changes it.
   */
  endpoint(operation: Operation): Promise<Endpoint>;
  /** The last lines of the serial console, for messages; empty when there is none. */
  consoleTail(lines: number): Promise<readonly string[]>;
  /** Host paths the instance keeps data in, such as the console log, for `inspect`. */
  readonly files: Readonly<Record<string, string>>;
  /**
   * What its processors run on since its last start, such as "kvm" or "tcg"; undefined when that is not known. Absent
   * where only the hypervisor knows.
   */
  readonly accelerator?: () => Promise<string | undefined>;
  /** Absent: the guest finds out by itself all that it needs. */
  readonly guest?: GuestSettings;
  readonly suspension?: Suspension;
  readonly snapshots?: Snapshots;
  readonly resizing?: Resizing;
  readonly sharing?: Sharing;
  readonly portable?: Portable;
  readonly forwards?: Forwards;
  /**
   * What the instance takes of this host while it runs; undefined while it is off. Short, and never written down.
   * Absent where only the hypervisor knows.
   */
  readonly usage?: (operation: Operation) => Promise<Usage | undefined>;
}

/** Totals since the instance's process began; what is not known is absent. */
export interface Usage {
  /** Of processors, by all of the process's threads. */
  readonly processorMs?: number;
  /** Of this host's memory, now. */
  readonly residentBytes?: number;
  /** By the guest, of its data disk. */
  readonly diskReadBytes?: number;
  readonly diskWrittenBytes?: number;
}

export interface Suspension {
  /** Saves the running instance to disk and ends it; `start` lets it go on where it was. */
  suspend(operation: Operation): Promise<void>;
}

export interface Sizes {
  readonly memoryMiB: number;
  readonly cpuCount: number;
  readonly diskSizeMiB: number;
}

export interface Resizing {
  /** Those of its record. */
  readonly sizes: Sizes;
  /**
   * Memory and processors count from the next start on; the disk is larger at once, also that of an instance that
   * runs, whose guest is to be told. A suspended instance has the sizes of its saved memory.
   * @returns the record to store in place of the old one
   * @throws TsmachineError INVALID_INPUT for a disk that would become smaller, and for what this host does not have
   */
  resize(wanted: Partial<Sizes>, operation: Operation): Promise<Json>;
}

export interface Sharing {
  /** Those of its record. */
  readonly folders: readonly SharedFolder[];
  /**
   * Gives the instance these folders from its next start on; changes nothing but what it returns.
   * @returns the record to store in place of the old one
   * @throws TsmachineError INPUT_MISSING, CAPABILITY_MISSING for what this host cannot share
   */
  share(folders: readonly SharedFolder[], operation: Operation): Promise<Json>;
}

/** Of an instance that is its record and a data disk while it is off, and nothing that its hypervisor keeps. */
export interface Portable {
  /** Absolute path of the disk: a raw image, in which zeros may take no space. */
  readonly disk: string;
  /**
   * Makes the instance as Instance.create does, with a disk that is there already: `write` puts it at a path that is
   * free. The instance has it whole or, when `write` fails or is killed, not at all.
   */
  createWith(write: (path: string) => Promise<void>, operation: Operation): Promise<Json>;
}

/** States of an instance's disk, and of its memory if it runs, by a label each. */
export interface Snapshots {
  /** Oldest first. */
  list(operation: Operation): Promise<readonly string[]>;
  /** @throws TsmachineError INVALID_INPUT when the label is taken. */
  take(label: string, operation: Operation): Promise<void>;
  /**
   * The instance is off afterwards, or suspended where the snapshot has its memory.
   * @param beforeChange called when all is ready, right before the first change that cannot be taken back; what it throws ends
   *   the restoration with nothing changed
   */
  restore(label: string, operation: Operation, beforeChange: () => Promise<void>): Promise<void>;
  remove(label: string, operation: Operation): Promise<void>;
}

/** A port of this host that leads to one of the guest. */
export interface Forward {
  readonly protocol: "tcp" | "udp";
  /** An IP address of this host, or the unspecified one for all of them. */
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly guestPort: number;
  /** Where the guest listens: "loopback" where it is at 127.0.0.1 alone. */
  readonly guestSide: "all" | "loopback";
}

/**
 * Forwards of an instance that runs, besides those by which it is reached itself. They end with it. An
 * operation is short, and several processes may be at it at once.
 */
export interface Forwards {
  list(operation: Operation): Promise<readonly Forward[]>;
  /**
   * Adding what is there already succeeds.
   * @throws TsmachineError PORT_UNAVAILABLE when this host does not give the port, with the reason.
   */
  add(forward: Forward, operation: Operation): Promise<void>;
  /** Removing what is not there succeeds. Open connections go on. */
  remove(forward: Forward, operation: Operation): Promise<void>;
}
