import { join, win32 } from "node:path";
import { readCertificate } from "../../certs/read-certificate.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { readTextIfPresent } from "../../host/files/files.ts";
import type { MachineFiles } from "../../store/machine-files.ts";
import type { OldMachine } from "./machine-config.ts";

export interface OldFiles {
  readonly files: MachineFiles;
  /** What is missing or out of date, for people. */
  readonly notes: readonly string[];
}

export interface OldPlaces {
  /** The folder with `machines` and `certs`. */
  readonly root: string;
  /** The machine's own folder. */
  readonly directory: string;
}

/**
 * A machine's certificates and keys as texts; only reads.
 * @throws TsmachineError IMPORT_INVALID without a client bundle, CERTIFICATE_INVALID
 */
export async function readMachineFiles(
  { recordedPaths }: Pick<OldMachine, "recordedPaths">,
  { root, directory }: OldPlaces,
  now: Date,
): Promise<OldFiles> {
  const bundle =
    (await readBundle(namedIn(directory))) ??
    (await readBundle(recordedPaths)) ??
    (await readBundle(namedIn(join(root, "certs"))));
  if (bundle === undefined) throw bundleMissing(directory);
  const { notAfter } = await readCertificate(bundle.certificate);
  const server = {
    serverCertificate: await readTextIfPresent(join(directory, "server.pem")),
    serverKey: await readTextIfPresent(join(directory, "server-key.pem")),
  };
  const key = await readSshKey(recordedPaths.sshKey, directory);
  return {
    files: withoutMissing({ ...bundle, ...server, ...key }),
    notes: notAfter < now ? [`its client certificate has expired on ${dayOf(notAfter)}`] : [],
  };
}

interface BundlePaths {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

function namedIn(folder: string): BundlePaths {
  return {
    ca: join(folder, "ca.pem"),
    certificate: join(folder, "cert.pem"),
    key: join(folder, "key.pem"),
  };
}

/** All three of one place or none: those of different places do not belong together. */
async function readBundle(paths: BundlePaths) {
  const ca = await readIfNamed(paths.ca);
  const certificate = await readIfNamed(paths.certificate);
  const key = await readIfNamed(paths.key);
  if (ca === undefined || certificate === undefined || key === undefined) return undefined;
  return { ca, certificate, key };
}

/** The key that docker-machine copied beside the configuration, else the one that it only named. */
async function readSshKey(recordedPath: string, directory: string) {
  const name = win32.basename(recordedPath) || "id_rsa";
  for (const path of [join(directory, name), join(directory, "id_rsa"), recordedPath]) {
    const sshKey = await readIfNamed(path);
    if (sshKey !== undefined) return { sshKey, sshPublicKey: await readIfNamed(`${path}.pub`) };
  }
  return {};
}

async function readIfNamed(path: string): Promise<string | undefined> {
  return path === "" ? undefined : readTextIfPresent(path);
}

function withoutMissing(files: Readonly<Record<string, string | undefined>>): MachineFiles {
  return Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined));
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function bundleMissing(directory: string): TsmachineError {
  return new TsmachineError(
    "IMPORT_INVALID",
    `${directory} lacks ca.pem, cert.pem or key.pem, and there are none elsewhere`,
    { hints: ["put the three files of one authority there"] },
  );
}
