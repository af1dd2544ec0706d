import type { FileEntry } from "../../bytes/file-tree.ts";
import { writeIso } from "../../bytes/iso9660/write-iso.ts";
import { textFile } from "./package-tree.ts";

/** A machine's identity, as its guest finds it at boot; templates/guest reads it. */
export interface Seed {
  readonly hostName: string;
  /**
   * Of a clone: one line that no other machine has. A data disk that does not have it yet is that of the machine which was
   * copied.
   */
  readonly identity?: string | undefined;
  /** Lines of authorized_keys for the user docker. */
  readonly authorizedKeys: string;
  /** OpenSSH's private key format. */
  readonly sshHostKey: string;
  /** PEM. */
  readonly serverBundle: {
    readonly ca: string;
    readonly certificate: string;
    readonly key: string;
  };
  /** Certificates, as PEM, of authorities that the engine trusts besides those of its image; may be empty. */
  readonly authorities: string;
  /** See https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file */
  readonly daemon: Readonly<Record<string, unknown>>;
  /** Variables of the engine, such as proxies. */
  readonly environment: Readonly<Record<string, string>>;
  /** What /etc/hosts of the guest has besides the guest itself. */
  readonly hosts: readonly { readonly address: string; readonly names: readonly string[] }[];
  /** Network interfaces with an address of their own; all others ask by DHCP. */
  readonly addresses: readonly { readonly mac: string; readonly cidr: string }[];
  /** Folders that the hypervisor offers under a tag, to be mounted. */
  readonly folders: readonly {
    readonly type: string;
    readonly tag: string;
    readonly mountPoint: string;
    readonly isReadOnly?: boolean;
  }[];
}

export interface WriteSeedOptions {
  readonly path: string;
  readonly seed: Seed;
  readonly time: Date;
  readonly signal: AbortSignal;
}

/** Writes the seed image; it holds private keys and is readable by its owner alone. */
export async function writeSeedImage({
  path,
  seed,
  time,
  signal,
}: WriteSeedOptions): Promise<void> {
  const { serverBundle } = seed;
  const tree = new Map<string, FileEntry>([
    ["authorities.pem", secretFile(seed.authorities)],
    ["authorized_keys", secretFile(seed.authorizedKeys)],
    ["docker/ca.pem", secretFile(serverBundle.ca)],
    ["docker/daemon.json", daemonFile(seed.daemon)],
    ["docker/server-key.pem", secretFile(serverBundle.key)],
    ["docker/server.pem", secretFile(serverBundle.certificate)],
    ["environment", environmentFile(seed.environment)],
    ["folders", linesFile(seed.folders.map(folderFields))],
    ["hosts", linesFile(seed.hosts.map(({ address, names }) => [address, ...names]))],
    ["hostname", secretFile(`${seed.hostName}\n`)],
    ...(seed.identity === undefined
      ? []
      : [["identity", secretFile(`${seed.identity}\n`)] as const]),
    ["network", linesFile(seed.addresses.map(({ mac, cidr }) => [mac, cidr]))],
    ["ssh_host_ed25519_key", secretFile(seed.sshHostKey)],
  ]);
  await writeIso({ tree, volumeId: "TSM_SEED", time, path, signal });
}

/** The last one is there only where it says something: guests of older images know three. */
function folderFields({ type, tag, mountPoint, isReadOnly }: Seed["folders"][number]): string[] {
  return [type, tag, mountPoint, ...(isReadOnly ? ["ro"] : [])];
}

/** daemon.json, as dockerd reads it. */
export function daemonFile(daemon: Seed["daemon"]): FileEntry {
  return secretFile(`${JSON.stringify(daemon, undefined, 2)}\n`);
}

/** One assignment a line, as templates/guest/root/usr/lib/tsmachine/dockerd reads it. */
export function environmentFile(environment: Seed["environment"]): FileEntry {
  return secretFile(
    Object.entries(environment)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
}

/** A line for each, its fields with tabs in between, as scripts of templates/guest read them. */
function linesFile(rows: readonly (readonly string[])[]): FileEntry {
  return secretFile(rows.map((fields) => `${fields.join("\t")}\n`).join(""));
}

function secretFile(text: string): FileEntry {
  return textFile(text, 0o600);
}
