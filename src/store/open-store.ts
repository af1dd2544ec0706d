import { dirname } from "node:path";
import { makePrivateDirectory } from "../host/files/files.ts";
import { type LockLimits, withLock } from "../host/locks/lock.ts";
import {
  type AuthorityFiles,
  readAuthority,
  readSigningAuthority,
  type SigningAuthority,
  writeAuthority,
  writeClientBundle,
} from "./authority.ts";
import type { Config } from "./config.ts";
import {
  type MachineLayout,
  machineLayout,
  machineLockPath,
  type StoreLayout,
  storeLayout,
  storeLockPath,
} from "./layout.ts";
import type { MachineFile, MachineFiles } from "./machine-files.ts";
import {
  createMachine,
  listMachineNames,
  readMachine,
  readMachineFiles,
  removeMachine,
  writeMachine,
  writeMachineFiles,
} from "./machines.ts";
import { isProtected } from "./protection.ts";
import type { MachineRecord } from "./record.ts";

export type StoreLockLimits = Omit<LockLimits, "guards">;

/**
 * The folder with everything tsmachine keeps. Folders are 0700, files 0600; every file and
 * every machine appears, changes and disappears whole. Reading makes and changes nothing.
 *
 * Whoever creates, writes or removes a machine does so inside withMachineLock.
 * For errors see the functions of the same name.
 */
export interface Store {
  readonly layout: StoreLayout;
  machineLayout(name: string): MachineLayout;

  listMachineNames(): Promise<string[]>;
  readMachine(name: string): Promise<MachineRecord>;
  isProtected(name: string): Promise<boolean>;
  /** All files unless some are named. */
  readMachineFiles(name: string, wanted?: readonly MachineFile[]): Promise<MachineFiles>;
  createMachine(record: MachineRecord, files: MachineFiles): Promise<void>;
  writeMachine(record: MachineRecord): Promise<void>;
  writeMachineFiles(name: string, files: MachineFiles): Promise<void>;
  removeMachine(name: string): Promise<void>;

  /** The store's one authority; `create` is called, by one process only, when there is none. */
  ensureAuthority(
    create: () => Promise<AuthorityFiles>,
    limits: StoreLockLimits,
  ): Promise<AuthorityFiles>;
  /** The authority without its clients' bundle, which may be lost; undefined unless both files are there. */
  readSigningAuthority(): Promise<SigningAuthority | undefined>;
  /** Replaces the clients' certificate and key in the store; not in its machines. */
  writeClientBundle(
    bundle: Pick<AuthorityFiles, "certificate" | "key">,
    limits: StoreLockLimits,
  ): Promise<void>;

  readConfig(): Promise<Config>;

  withMachineLock<T>(name: string, limits: StoreLockLimits, action: () => Promise<T>): Promise<T>;
  withStoreLock<T>(limits: StoreLockLimits, action: () => Promise<T>): Promise<T>;
}

/** Opens the store in this folder, which need not exist yet; does no I/O. */
export function openStore(root: string): Store {
  const layout = storeLayout(root);
  const withStoreLock: Store["withStoreLock"] = (limits, action) =>
    lock(storeLockPath(root), { ...limits, guards: `store ${root}` }, action);
  return {
    layout,
    machineLayout: (name) => machineLayout(root, name),
    listMachineNames: () => listMachineNames(root),
    readMachine: (name) => readMachine(root, name),
    isProtected: (name) => isProtected(root, name),
    readMachineFiles: (name, wanted) => readMachineFiles(root, name, wanted),
    createMachine: (record, files) => createMachine(root, record, files),
    writeMachine: (record) => writeMachine(root, record),
    writeMachineFiles: (name, files) => writeMachineFiles(root, name, files),
    removeMachine: (name) => removeMachine(root, name),
    ensureAuthority: async (create, limits) =>
      (await readAuthority(root)) ??
      withStoreLock(limits, async () => (await readAuthority(root)) ?? addAuthority(root, create)),
    readSigningAuthority: () => readSigningAuthority(root),
    writeClientBundle: (bundle, limits) =>
      withStoreLock(limits, () => writeClientBundle(root, bundle)),
    readConfig: async () => (await import("./config.ts")).readConfig(layout.config),
    withMachineLock: async (name, limits, action) =>
      lock(machineLockPath(root, name), { ...limits, guards: `machine "${name}"` }, action),
    withStoreLock,
  };
}

async function addAuthority(
  root: string,
  create: () => Promise<AuthorityFiles>,
): Promise<AuthorityFiles> {
  const files = await create();
  await writeAuthority(root, files);
  return files;
}

async function lock<T>(path: string, limits: LockLimits, action: () => Promise<T>): Promise<T> {
  await makePrivateDirectory(dirname(path));
  return await withLock(path, limits, action);
}
