import type { Authority, CertifiedKey } from "../../certs/bundle.ts";
import { issueClientCertificate } from "../../certs/issue.ts";
import { isCertifiedKey, isConsistent, needsRenewal } from "../../certs/read-certificate.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { readTextIfPresent } from "../../host/files/files.ts";
import type { AuthorityFiles } from "../../store/authority.ts";
import type { MachineFiles } from "../../store/machine-files.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";
import { ensureAuthority } from "./identity.ts";

/** Absolute paths of what the user has given in place of the store's certificates. */
export type TlsFiles = NonNullable<MachineRecord["tlsFiles"]>;

/**
 * The authority and the clients' bundle that are a machine's: the store's, or those the user has given
 * for it. For an authority without a client's bundle one is issued, unless `present`, which is what the
 * machine has, is good still.
 * @throws TsmachineError those of readTlsFiles; CERTIFICATE_INVALID when the client's certificate is of
 *   another authority.
 */
export async function authorityFor(
  context: Context,
  { tlsFiles }: { readonly tlsFiles?: TlsFiles | undefined },
  present: MachineFiles = {},
): Promise<AuthorityFiles> {
  const { authority, client } = await readTlsFiles(tlsFiles);
  if (authority === undefined) {
    const files = await ensureAuthority(context);
    return client === undefined ? files : requireConsistent({ ...files, ...client });
  }
  const { certificate, key } = client ?? (await clientOf(authority, present, context.now()));
  return requireConsistent({ ca: authority.certificate, caKey: authority.key, certificate, key });
}

/**
 * What is in the files.
 * @throws TsmachineError FILE_UNREADABLE; CERTIFICATE_INVALID when a key is not its certificate's.
 */
export async function readTlsFiles({ authority, client }: TlsFiles = {}): Promise<{
  readonly authority?: CertifiedKey;
  readonly client?: CertifiedKey;
}> {
  return {
    ...(authority !== undefined && { authority: await readCertifiedKey(authority) }),
    ...(client !== undefined && { client: await readCertifiedKey(client) }),
  };
}

async function readCertifiedKey(paths: CertifiedKey): Promise<CertifiedKey> {
  const pair = {
    certificate: await readPem(paths.certificate),
    key: await readPem(paths.key),
  };
  if (isReadablePair(pair)) return pair;
  throw new TsmachineError(
    "CERTIFICATE_INVALID",
    `${paths.certificate} is no certificate of the key ${paths.key}`,
    { hints: ["give a certificate and its key, both in PEM and the key without a passphrase"] },
  );
}

function isReadablePair(pair: CertifiedKey): boolean {
  try {
    return isCertifiedKey(pair);
  } catch (error) {
    if (error instanceof TsmachineError && error.code === "CERTIFICATE_INVALID") return false;
    throw error;
  }
}

async function readPem(path: string): Promise<string> {
  const text = await readTextIfPresent(path);
  if (text !== undefined) return text;
  throw new TsmachineError("FILE_UNREADABLE", `there is no file ${path}`, {
    hints: [`put the certificate or key back at ${path}, or name another file for a new machine`],
  });
}

async function clientOf(
  authority: Authority,
  { certificate, key }: MachineFiles,
  now: Date,
): Promise<CertifiedKey> {
  if (certificate !== undefined && key !== undefined) {
    const present = { ca: authority.certificate, certificate, key };
    if (!(await needsRenewal(present, { now, subjectNames: [] }))) return present;
  }
  return issueClientCertificate(authority, { now });
}

function requireConsistent(files: AuthorityFiles): AuthorityFiles {
  if (isConsistent(files)) return files;
  throw new TsmachineError(
    "CERTIFICATE_INVALID",
    "the client's certificate is not signed by the machine's authority",
    { hints: ["give the authority that has signed it too, with --tls-ca-cert and --tls-ca-key"] },
  );
}
