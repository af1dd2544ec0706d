import type { FileEntry } from "../../bytes/file-tree.ts";
import { writeIso } from "../../bytes/iso9660/write-iso.ts";
import { textFile } from "./package-tree.ts";

/** A machine's identity, as its guest finds it at boot; templates/guest reads it. */
export interface Seed {
  readonly hostName: string;
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
  /** See https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file */
  readonly daemon: Readonly<Record<string, unknown>>;
  /** Variables of the engine, such as proxies. */
  readonly environment: Readonly<Record<string, string>>;
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
    ["authorized_keys", secretFile(seed.authorizedKeys)],
    ["docker/ca.pem", secretFile(serverBundle.ca)],
    ["docker/daemon.json", daemonFile(seed.daemon)],
    ["docker/server-key.pem", secretFile(serverBundle.key)],
    ["docker/server.pem", secretFile(serverBundle.certificate)],
    ["environment", environmentFile(seed.environment)],
    ["hostname", secretFile(`${seed.hostName}\n`)],
    ["ssh_host_ed25519_key", secretFile(seed.sshHostKey)],
  ]);
  await writeIso({ tree, volumeId: "TSM_SEED", time, path, signal });
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

function secretFile(text: string): FileEntry {
  return textFile(text, 0o600);
}
