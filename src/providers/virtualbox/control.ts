/**
 * All that the provider asks of VirtualBox. What stands behind it is hidden: VBoxManage, or the web
 * service of another host. Machines are named by UUID, for names are not unique. Every call ends when
 * the signal that the control was opened with is aborted.
 * @throws TsmachineError VIRTUALBOX_FAILED with VirtualBox's own words; INSTANCE_LOCKED where another
 *   program, such as VirtualBox's window, holds the machine.
 */
export interface Control {
  /** Such as "7.2.22". */
  version(): Promise<string>;
  listMachines(): Promise<readonly ListedMachine[]>;
  /** Undefined when no machine of that UUID is registered. */
  readMachine(uuid: string): Promise<MachineView | undefined>;
  /** Makes and registers an empty machine; its settings file is FOLDER/NAME/NAME.vbox. */
  createMachine(machine: NewMachine): Promise<void>;
  /** Gives a machine that is off its hardware, whatever it had before; disks and folders stay. */
  configureMachine(uuid: string, hardware: Hardware): Promise<void>;
  /** Puts the host-only card of a machine that is off or saved on another adapter. */
  moveToAdapter(uuid: string, adapter: string): Promise<void>;
  registerMachine(settingsFile: string): Promise<void>;
  /** Files stay. */
  unregisterMachine(uuid: string): Promise<void>;
  /** Together with its settings, logs, snapshots and hard disks; DVD images stay. */
  deleteMachine(uuid: string): Promise<void>;

  /** A dynamic disk, of the format that its name ends in. */
  createDisk(disk: { readonly path: string; readonly sizeMiB: number }): Promise<void>;
  /** Takes a DVD image out of VirtualBox's list, if it is there and no machine has it; the file stays. */
  forgetDvd(path: string): Promise<void>;
  addController(uuid: string): Promise<void>;
  /** Puts a medium into the port of the controller, in place of what is there. */
  attach(uuid: string, medium: Medium): Promise<void>;
  addFolder(uuid: string, folder: { readonly tag: string; readonly path: string }): Promise<void>;
  /** The first card's forwards to the guest from 127.0.0.1, in place of these ones; all others stay. */
  setForwards(uuid: string, before: readonly Forward[], after: readonly Forward[]): Promise<void>;

  /**
   * When the call is ended before VirtualBox has answered, the machine may come up all the same.
   * @param limitMs milliseconds that it may take on a host without emulation
   */
  launch(uuid: string, frontEnd: FrontEnd, limitMs: number): Promise<void>;
  pressPowerButton(uuid: string): Promise<void>;
  powerOff(uuid: string): Promise<void>;
  /** Lets a paused machine go on. */
  resume(uuid: string): Promise<void>;
  saveState(uuid: string): Promise<void>;
  discardState(uuid: string): Promise<void>;

  /** Oldest first. */
  listSnapshots(uuid: string): Promise<readonly Snapshot[]>;
  takeSnapshot(uuid: string, label: string): Promise<void>;
  restoreSnapshot(uuid: string, snapshot: string): Promise<void>;
  deleteSnapshot(uuid: string, snapshot: string): Promise<void>;

  listAdapters(): Promise<readonly HostOnlyAdapter[]>;
  /** Also of adapters that have no address yet. */
  listAdapterNames(): Promise<readonly string[]>;
  /** Makes a host-only adapter with this address of the host's; its name. */
  createAdapter(network: HostAddress): Promise<string>;
  /** Gives the host this address there, which a restart of the host may have taken away. */
  configureAdapter(name: string, network: HostAddress): Promise<void>;
  removeAdapter(name: string): Promise<void>;
  /** Whatever gives addresses away, macOS's own servers among them. */
  listDhcpServers(): Promise<readonly DhcpServer[]>;
  removeDhcpServer(network: string): Promise<void>;

  /** What tsmachine has written down beside the settings of all machines. */
  readNotes(): Promise<ReadonlyMap<string, string>>;
  /** Undefined takes the note away. */
  writeNote(key: string, value: string | undefined): Promise<void>;
}

/** The part of it that snapshots are. */
export type SnapshotCommands = Pick<
  Control,
  "listSnapshots" | "takeSnapshot" | "restoreSnapshot" | "deleteSnapshot"
>;

/** The part of it that host-only networking is. */
export type HostOnlyControl = Pick<
  Control,
  | "listAdapters"
  | "listAdapterNames"
  | "createAdapter"
  | "configureAdapter"
  | "removeAdapter"
  | "listDhcpServers"
  | "removeDhcpServer"
>;

export interface ListedMachine {
  readonly uuid: string;
  /** Undefined when its settings file cannot be read. */
  readonly name: string | undefined;
}

export interface MachineView extends ListedMachine {
  readonly state: MachineState;
  /** Undefined when it cannot be read. */
  readonly settingsFile: string | undefined;
  /** Paths of the media by port of the controller; empty drives and ports have none. */
  readonly media: ReadonlyMap<number, string>;
  readonly hasController: boolean;
  /** Of its first network card; those that somebody else has made are among them. */
  readonly forwards: readonly Forward[];
  /** Tags of its shared folders. */
  readonly folders: readonly string[];
  /** Host-only adapters that its network cards are on. */
  readonly adapters: readonly string[];
  /** Where VirtualBox logs what the machine does. */
  readonly logFolder: string | undefined;
}

/** Of one whose settings file cannot be read nothing is known. */
export function inaccessible(uuid: string): MachineView {
  return {
    ...{ uuid, name: undefined, state: "inaccessible", settingsFile: undefined },
    ...{ logFolder: undefined, media: new Map(), hasController: false },
    ...{ forwards: [], folders: [], adapters: [] },
  };
}

/** As VBoxManage names them; "inaccessible" when the settings file cannot be read. */
export type MachineState = string;

export interface NewMachine {
  readonly uuid: string;
  readonly name: string;
  /** Its own folder is made in this one. */
  readonly folder: string;
}

export interface Hardware {
  readonly memoryMiB: number;
  readonly cpuCount: number;
  readonly consoleLog: string;
  readonly nat: {
    readonly type: CardType;
    readonly mac: string;
    readonly hasDnsProxy: boolean;
    readonly hasHostResolver: boolean;
  };
  readonly hostOnly:
    | {
        readonly adapter: string;
        readonly type: CardType;
        readonly mac: string;
        readonly promiscuous: Promiscuous;
      }
    | undefined;
}

export const cardTypes = [
  "virtio",
  "82540EM",
  "82543GC",
  "82545EM",
  "Am79C970A",
  "Am79C973",
] as const;
export type CardType = (typeof cardTypes)[number];

export const promiscuousModes = ["deny", "allow-vms", "allow-all"] as const;
export type Promiscuous = (typeof promiscuousModes)[number];

export const frontEnds = ["headless", "gui", "sdl", "separate"] as const;
export type FrontEnd = (typeof frontEnds)[number];

export interface Medium {
  readonly port: number;
  readonly kind: "disk" | "dvd";
  readonly path: string;
}

/** From a port of 127.0.0.1 to one of the guest's. */
export interface Forward {
  readonly name: string;
  readonly hostPort: number;
  readonly guestPort: number;
}

export interface Snapshot {
  readonly uuid: string;
  readonly label: string;
  /** The UUID of the one that it goes on from; undefined for the first. */
  readonly parent: string | undefined;
  /** Whether the machine goes on from this one. */
  readonly isCurrent: boolean;
}

export interface HostAddress {
  /** The host's own: "192.168.56.1". */
  readonly address: string;
  readonly prefixLength: number;
}

export interface HostOnlyAdapter extends HostAddress {
  readonly name: string;
}

export interface DhcpServer {
  /** The network it serves, such as "HostInterfaceNetworking-vboxnet0". */
  readonly network: string;
  readonly address: string;
  readonly lowest: string;
  readonly highest: string;
  readonly isEnabled: boolean;
}
