// The part of VirtualBox's API that tsmachine calls, as virtualbox-soap has it. The types of its own
// describe every call of 7.0, many of them wrongly: lists of strings and of structures may be missing,
// and references in structures are strings.

export interface SessionManager {
  logon(user: string, password: string): Promise<VirtualBox | null>;
  getSessionObject(virtualBox: VirtualBox): Promise<Session>;
  logoff(virtualBox: VirtualBox): Promise<unknown>;
}

export interface VirtualBox {
  getVersion(): Promise<string>;
  getAPIVersion(): Promise<string>;
  getHost(): Promise<Host>;
  getMachines(): Promise<readonly Machine[]>;
  findMachine(nameOrUuid: string): Promise<Machine>;
  composeMachineFilename(
    name: string,
    group: string,
    flags: string,
    folder: string,
  ): Promise<string>;
  registerMachine(machine: Machine): Promise<unknown>;
  createMedium(format: string, path: string, access: string, type: string): Promise<Medium>;
  openMedium(path: string, type: string, access: string, isNewUuid: boolean): Promise<Medium>;
  getDHCPServers(): Promise<readonly DhcpServerObject[]>;
  findDHCPServerByNetworkName(name: string): Promise<DhcpServerObject>;
  removeDHCPServer(server: DhcpServerObject): Promise<unknown>;
  getExtraDataKeys(): Promise<unknown>;
  getExtraData(key: string): Promise<unknown>;
  setExtraData(key: string, value: string): Promise<unknown>;
}

export interface Machine {
  getId(): Promise<string>;
  getName(): Promise<string>;
  getAccessible(): Promise<boolean>;
  getState(): Promise<string>;
  getSettingsFilePath(): Promise<string>;
  getSnapshotFolder(): Promise<string>;
  getLogFolder(): Promise<string>;
  getStorageControllers(): Promise<readonly StorageController[]>;
  getMediumAttachments(): Promise<unknown>;
  getSharedFolders(): Promise<readonly { getName(): Promise<string> }[]>;
  getNetworkAdapter(slot: number): Promise<NetworkAdapter>;
  getSerialPort(slot: number): Promise<SerialPort>;
  getGraphicsAdapter(): Promise<GraphicsAdapter>;
  getBIOSSettings(): Promise<BiosSettings>;
  setCPUCount(count: number): Promise<unknown>;
  setMemorySize(sizeMiB: number): Promise<unknown>;
  setBootOrder(position: number, device: string): Promise<unknown>;
  setRTCUseUTC(value: boolean): Promise<unknown>;
  setFirmwareType(type: string): Promise<unknown>;
  addStorageController(name: string, bus: string): Promise<StorageController>;
  attachDevice(
    controller: string,
    port: number,
    device: number,
    type: string,
    medium: Medium,
  ): Promise<unknown>;
  mountMedium(
    controller: string,
    port: number,
    device: number,
    medium: Medium,
    isForced: boolean,
  ): Promise<unknown>;
  detachDevice(controller: string, port: number, device: number): Promise<unknown>;
  createSharedFolder(
    name: string,
    path: string,
    isWritable: boolean,
    isAutomounted: boolean,
    mountPoint: string,
  ): Promise<unknown>;
  saveSettings(): Promise<unknown>;
  lockMachine(session: Session, kind: string): Promise<unknown>;
  launchVMProcess(session: Session, frontEnd: string, environment: string[]): Promise<Progress>;
  unregister(cleanup: string): Promise<Medium[]>;
  deleteConfig(media: Medium[]): Promise<Progress>;
  saveState(): Promise<Progress>;
  discardSavedState(isFileRemoved: boolean): Promise<unknown>;
  /** In digits: soap makes no number of an unsigned one. */
  getSnapshotCount(): Promise<unknown>;
  findSnapshot(nameOrUuid: string): Promise<SnapshotObject>;
  getCurrentSnapshot(): Promise<SnapshotObject | null>;
  takeSnapshot(
    name: string,
    description: string,
    isPaused: boolean,
  ): Promise<{ readonly returnval: Progress | null }>;
  restoreSnapshot(snapshot: SnapshotObject): Promise<Progress>;
  deleteSnapshot(uuid: string): Promise<Progress>;
}

export interface Session {
  getState(): Promise<string>;
  getMachine(): Promise<Machine>;
  /** Null when the machine is off. */
  getConsole(): Promise<Console | null>;
  unlockMachine(): Promise<unknown>;
}

export interface Console {
  powerButton(): Promise<unknown>;
  powerDown(): Promise<Progress>;
  resume(): Promise<unknown>;
}

export interface Progress {
  getCompleted(): Promise<boolean>;
  waitForCompletion(timeoutMs: number): Promise<unknown>;
  getResultCode(): Promise<number>;
  getErrorInfo(): Promise<{ getText(): Promise<string> } | null>;
}

export interface SnapshotObject {
  getId(): Promise<string>;
  getName(): Promise<string>;
  /** Milliseconds of Unix time. */
  getTimeStamp(): Promise<unknown>;
  getChildren(): Promise<readonly SnapshotObject[]>;
}

export interface Medium {
  getLocation(): Promise<string>;
  /** Null for what is no differencing disk. */
  getParent(): Promise<Medium | null>;
  createBaseStorage(sizeBytes: number, variant: string[]): Promise<Progress>;
  close(): Promise<unknown>;
}

export interface StorageController {
  getName(): Promise<string>;
  setPortCount(count: number): Promise<unknown>;
  setUseHostIOCache(value: boolean): Promise<unknown>;
}

export interface NetworkAdapter {
  getEnabled(): Promise<boolean>;
  getAttachmentType(): Promise<string>;
  getHostOnlyInterface(): Promise<string>;
  /** Of macOS alone. */
  getHostOnlyNetwork(): Promise<string>;
  getNATEngine(): Promise<NatEngine>;
  setEnabled(value: boolean): Promise<unknown>;
  setAttachmentType(type: string): Promise<unknown>;
  setAdapterType(type: string): Promise<unknown>;
  setMACAddress(address: string): Promise<unknown>;
  setCableConnected(value: boolean): Promise<unknown>;
  setPromiscModePolicy(policy: string): Promise<unknown>;
  setHostOnlyInterface(name: string): Promise<unknown>;
}

export interface NatEngine {
  getRedirects(): Promise<unknown>;
  addRedirect(
    name: string,
    protocol: string,
    hostAddress: string,
    hostPort: number,
    guestAddress: string,
    guestPort: number,
  ): Promise<unknown>;
  removeRedirect(name: string): Promise<unknown>;
  setDNSProxy(value: boolean): Promise<unknown>;
  setDNSUseHostResolver(value: boolean): Promise<unknown>;
  /** From 7.0 on. */
  setLocalhostReachable(value: boolean): Promise<unknown>;
}

export interface SerialPort {
  setPath(path: string): Promise<unknown>;
  setHostMode(mode: string): Promise<unknown>;
  setEnabled(value: boolean): Promise<unknown>;
}

export interface GraphicsAdapter {
  setGraphicsControllerType(type: string): Promise<unknown>;
  setVRAMSize(sizeMiB: number): Promise<unknown>;
}

export interface BiosSettings {
  setLogoFadeIn(value: boolean): Promise<unknown>;
  setLogoFadeOut(value: boolean): Promise<unknown>;
  setLogoDisplayTime(milliseconds: number): Promise<unknown>;
  setBootMenuMode(mode: string): Promise<unknown>;
  setACPIEnabled(value: boolean): Promise<unknown>;
  setIOAPICEnabled(value: boolean): Promise<unknown>;
}

export interface Host {
  findHostNetworkInterfacesOfType(type: string): Promise<readonly HostInterface[]>;
  findHostNetworkInterfaceByName(name: string): Promise<HostInterface>;
  createHostOnlyNetworkInterface(): Promise<{
    readonly hostInterface: HostInterface | null;
    readonly returnval: Progress | null;
  }>;
  removeHostOnlyNetworkInterface(uuid: string): Promise<Progress>;
}

export interface HostInterface {
  getId(): Promise<string>;
  getName(): Promise<string>;
  getIPAddress(): Promise<string>;
  getNetworkMask(): Promise<string>;
  enableStaticIPConfig(address: string, mask: string): Promise<unknown>;
}

export interface DhcpServerObject {
  getNetworkName(): Promise<string>;
  getIPAddress(): Promise<string>;
  getLowerIP(): Promise<string>;
  getUpperIP(): Promise<string>;
  getEnabled(): Promise<boolean>;
}
