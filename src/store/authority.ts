import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../errors/system-error.ts";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import {
  makePrivateDirectory,
  moveIntoPlace,
  readTextIfPresent,
  writeFileAtomic,
} from "../host/files/files.ts";
import { partialPath, storeLayout } from "./layout.ts";

/** PEM texts: the store's certificate authority and the bundle of its user's clients. */
export interface AuthorityFiles {
  readonly ca: string;
  readonly caKey: string;
  readonly certificate: string;
  readonly key: string;
}

export type SigningAuthority = Pick<AuthorityFiles, "ca" | "caKey">;

const fileNames = {
  ca: "ca.pem",
  caKey: "ca-key.pem",
  certificate: "cert.pem",
  key: "key.pem",
} as const satisfies Record<keyof AuthorityFiles, string>;

/**
 * The store's authority; undefined unless all four files are there. Needs no lock, because the
 * folder appears with them in it.
 */
export async function readAuthority(root: string): Promise<AuthorityFiles | undefined> {
  const found = {
    ca: await read(root, "ca"),
    caKey: await read(root, "caKey"),
    certificate: await read(root, "certificate"),
    key: await read(root, "key"),
  };
  return isComplete(found) ? found : undefined;
}

/** What signs certificates, whatever is left of the clients' bundle; undefined unless both are there. */
export async function readSigningAuthority(root: string): Promise<SigningAuthority | undefined> {
  const ca = await read(root, "ca");
  const caKey = await read(root, "caKey");
  return ca === undefined || caKey === undefined ? undefined : { ca, caKey };
}

/**
 * Makes the folder of the authority appear whole. The caller holds the store's lock.
 * @throws TsmachineError AUTHORITY_INCOMPLETE when there is a folder with files in it.
 */
export async function writeAuthority(root: string, files: AuthorityFiles): Promise<void> {
  const { certs } = storeLayout(root);
  await removeEmpty(certs);
  const partial = partialPath(root, "certs");
  await rm(partial, { recursive: true, force: true });
  await makePrivateDirectory(partial);
  await writeFileAtomic(join(partial, fileNames.ca), files.ca);
  await writeFileAtomic(join(partial, fileNames.caKey), files.caKey);
  await writeFileAtomic(join(partial, fileNames.certificate), files.certificate);
  await writeFileAtomic(join(partial, fileNames.key), files.key);
  await moveIntoPlace(partial, certs);
}

/** Replaces the clients' bundle. The caller holds the store's lock. */
export async function writeClientBundle(
  root: string,
  { certificate, key }: Pick<AuthorityFiles, "certificate" | "key">,
): Promise<void> {
  const { certs } = storeLayout(root);
  await writeFileAtomic(join(certs, fileNames.key), key);
  await writeFileAtomic(join(certs, fileNames.certificate), certificate);
}

function read(root: string, file: keyof AuthorityFiles): Promise<string | undefined> {
  return readTextIfPresent(join(storeLayout(root).certs, fileNames[file]));
}

function isComplete(
  found: {
    [File in keyof AuthorityFiles]: string | undefined;
  },
): found is AuthorityFiles {
  return Object.values(found).every((text) => text !== undefined);
}

/** An empty folder may be in the place of the new one; one with keys of unknown use may not. */
async function removeEmpty(certs: string): Promise<void> {
  try {
    await rmdir(certs);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return;
    if (isSystemError(error, "ENOTEMPTY", "EEXIST")) throw await incomplete(certs);
    throw error;
  }
}

async function incomplete(certs: string): Promise<TsmachineError> {
  const present = await readdir(certs);
  const missing = Object.values(fileNames).filter((name) => !present.includes(name));
  const clientFiles: readonly string[] = [fileNames.certificate, fileNames.key];
  const remedy = missing.every((name) => clientFiles.includes(name))
    ? "issue a new client certificate with `tsmachine regenerate-certs --client-certs NAME`"
    : `restore what is missing from a copy, or rename ${certs} to start with a new authority`;
  return new TsmachineError("AUTHORITY_INCOMPLETE", `${certs} lacks ${missing.join(", ")}`, {
    hints: [remedy],
  });
}
