import { join } from "node:path";
import { parseMachineName } from "./machine-name.ts";

/** Paths of what belongs to the store as a whole. The names in certs are docker-machine's. */
export interface StoreLayout {
  readonly root: string;
  readonly certs: string;
  readonly machines: string;
  readonly locks: string;
  /** Whatever can be made again: downloads and images, shared by all machines. */
  readonly cache: string;
  readonly config: string;
}

/** Paths of one machine. The names of certificates and keys are docker-machine's. */
export interface MachineLayout {
  readonly directory: string;
  readonly record: string;
  /** docker-machine's record, of a machine that is none of ours. */
  readonly foreignRecord: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly sshKey: string;
  readonly sshPublicKey: string;
  /** The machine's own private key, which goes into its seed image at each start. */
  readonly sshHostKey: string;
  readonly knownHosts: string;
  /** Certificates of the authorities that the engine was given to trust. */
  readonly trustedAuthorities: string;
  /** What the machine's images are made of, so that they can be made again. */
  readonly imageLocks: string;
}

export function storeLayout(root: string): StoreLayout {
  return {
    root,
    certs: join(root, "certs"),
    machines: join(root, "machines"),
    locks: join(root, "locks"),
    cache: join(root, "cache"),
    config: join(root, "config.json"),
  };
}

/** @throws TsmachineError NAME_INVALID when it cannot be a machine's name. */
export function machineLayout(root: string, name: string): MachineLayout {
  return machineFilesIn(join(storeLayout(root).machines, parseMachineName(name)));
}

export function machineFilesIn(directory: string): MachineLayout {
  return {
    directory,
    record: join(directory, "machine.json"),
    foreignRecord: join(directory, "config.json"),
    ca: join(directory, "ca.pem"),
    certificate: join(directory, "cert.pem"),
    key: join(directory, "key.pem"),
    serverCertificate: join(directory, "server.pem"),
    serverKey: join(directory, "server-key.pem"),
    sshKey: join(directory, "id_rsa"),
    sshPublicKey: join(directory, "id_rsa.pub"),
    sshHostKey: join(directory, "ssh_host_ed25519_key"),
    knownHosts: join(directory, "known_hosts"),
    trustedAuthorities: join(directory, "trusted-authorities.pem"),
    imageLocks: join(directory, "images.lock.json"),
  };
}

/**
 * Folders on their way in or out, which a rename makes appear or disappear whole. Whatever is
 * there while its lock is held was left by a process that was killed, and may be deleted.
 */
export function partialPath(root: string, target: "certs" | { machine: string }): string {
  const partial = join(root, "partial");
  return target === "certs"
    ? join(partial, "certs")
    : join(partial, "machines", parseMachineName(target.machine));
}

export function machineLockPath(root: string, name: string): string {
  return join(storeLayout(root).locks, `machine-${parseMachineName(name)}.lock`);
}

export function storeLockPath(root: string): string {
  return join(storeLayout(root).locks, "store.lock");
}
