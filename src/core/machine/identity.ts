import { createAuthority } from "../../certs/authority.ts";
import type { Bundle } from "../../certs/bundle.ts";
import { issueClientCertificate, issueServerCertificate } from "../../certs/issue.ts";
import { needsRenewal } from "../../certs/read-certificate.ts";
import { serverSubjectNames } from "../../certs/subject-names.ts";
import { createKeyPair } from "../../ssh/key-pair.ts";
import type { AuthorityFiles } from "../../store/authority.ts";
import type { MachineFiles } from "../../store/machine-files.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, lockLimits } from "../context.ts";

/**
 * The store's authority with its client bundle; made by whoever comes first. A client certificate
 * with under 30 days left is replaced.
 */
export async function ensureAuthority(context: Context): Promise<AuthorityFiles> {
  const { store } = context;
  const now = context.now();
  const files = await store.ensureAuthority(async () => {
    const authority = await createAuthority({ now });
    const { certificate, key } = await issueClientCertificate(authority, { now });
    return { ca: authority.certificate, caKey: authority.key, certificate, key };
  }, lockLimits(context));
  if (!(await needsRenewal(files, { now, subjectNames: [] }))) return files;
  const authority = { certificate: files.ca, key: files.caKey };
  const { certificate, key } = await issueClientCertificate(authority, { now });
  await store.writeClientBundle({ certificate, key }, lockLimits(context));
  return { ...files, certificate, key };
}

/** New keys for a machine: its SSH host key, the user's key to it, and its copy of the user's TLS bundle. */
export async function createIdentity(
  name: string,
  { ca, certificate, key }: AuthorityFiles,
): Promise<{
  readonly files: MachineFiles;
  readonly sshHostPublicKey: string;
}> {
  const [user, host] = await Promise.all([
    createKeyPair({ comment: `docker@${name}` }),
    createKeyPair({ comment: name }),
  ]);
  return {
    sshHostPublicKey: host.publicKey,
    files: {
      ...{ ca, certificate, key },
      sshKey: user.privateKey,
      sshPublicKey: `${user.publicKey}\n`,
      sshHostKey: host.privateKey,
    },
  };
}

/**
 * The machine's server bundle: the one it has, or a new one when that is missing, does not
 * name all it should, or has under 30 days left.
 */
export async function serverBundleFor(
  context: Context,
  record: Pick<MachineRecord, "name" | "tlsSans">,
  {
    address,
    files,
    authorityFiles,
  }: { address: string; files: MachineFiles; authorityFiles: AuthorityFiles },
): Promise<Bundle> {
  const { ca } = authorityFiles;
  const now = context.now();
  const subjectNames = serverSubjectNames({ ...record, address });
  const { serverCertificate, serverKey } = files;
  if (serverCertificate !== undefined && serverKey !== undefined) {
    const present = { ca, certificate: serverCertificate, key: serverKey };
    if (!(await needsRenewal(present, { now, subjectNames }))) return present;
  }
  return newServerBundle(context, record, { address, authorityFiles });
}

/** A new server bundle for the machine, with all the names it should have. */
export function newServerBundle(
  context: Context,
  record: Pick<MachineRecord, "name" | "tlsSans">,
  { address, authorityFiles }: { address: string; authorityFiles: AuthorityFiles },
): Promise<Bundle> {
  const authority = { certificate: authorityFiles.ca, key: authorityFiles.caKey };
  const subjectNames = serverSubjectNames({ ...record, address });
  const request = { machineName: record.name, subjectNames, now: context.now() };
  return issueServerCertificate(authority, request);
}

/** Replaces the store's client bundle, whatever is left of it; machines are given theirs by others. */
export async function renewClientBundle(context: Context): Promise<void> {
  const { store } = context;
  const { ca, caKey } = (await store.readSigningAuthority()) ?? (await ensureAuthority(context));
  const authority = { certificate: ca, key: caKey };
  const { certificate, key } = await issueClientCertificate(authority, { now: context.now() });
  await store.writeClientBundle({ certificate, key }, lockLimits(context));
}
