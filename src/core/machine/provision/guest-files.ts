import type { FileEntry, FileTree } from "../../../bytes/file-tree.ts";
import type { Bundle } from "../../../certs/bundle.ts";
import { textFile } from "../../../iso/images/package-tree.ts";
import { daemonFile, environmentFile } from "../../../iso/images/seed-image.ts";
import type { EngineSetup } from "../engine-setup.ts";

/** The server's bundle where the guest has it; see templates/guest/root/usr/lib/tsmachine/seed. */
export function bundleFiles({ ca, certificate, key }: Bundle): FileTree {
  return new Map<string, FileEntry>([
    ["etc/docker/tls/ca.pem", textFile(ca)],
    ["etc/docker/tls/server.pem", textFile(certificate)],
    ["etc/docker/tls/server-key.pem", textFile(key, 0o600)],
  ]);
}

/** The authorities that the engine trusts besides its image's where the guest has them; PEM, may be empty. */
export function trustFiles(authorities: string): FileTree {
  return new Map<string, FileEntry>([["etc/ssl/certs/tsmachine.pem", textFile(authorities)]]);
}

/** The engine's settings and variables where the guest has them. */
export function setupFiles({ daemon, environment }: EngineSetup): FileTree {
  return new Map<string, FileEntry>([
    ["etc/docker/daemon.json", daemonFile(daemon)],
    ["etc/environment", environmentFile(environment)],
  ]);
}
