import { TsmachineError } from "../errors/tsmachine-error.ts";
import type { Authority, Bundle } from "./bundle.ts";
import { extensionsFor, type PartyRole } from "./extensions.ts";
import { createPrivateKeyPem, importKeyPair, parsePrivateKey } from "./keys.ts";
import { parseCertificate } from "./read-certificate.ts";
import { partyDays, validityFrom } from "./validity.ts";
import { loadX509 } from "./x509-library.ts";

/**
 * A new key and certificate for a machine's engine, valid for exactly these names.
 * @throws TsmachineError INVALID_INPUT for a bad name; CERTIFICATE_INVALID for a bad authority.
 */
export function issueServerCertificate(
  authority: Authority,
  request: {
    readonly machineName: string;
    /** See serverSubjectNames. */
    readonly subjectNames: readonly string[];
    readonly now: Date;
  },
): Promise<Bundle> {
  const { machineName, subjectNames, now } = request;
  return issue(authority, { role: "server", commonName: machineName, subjectNames, now });
}

/**
 * A new key and certificate for the user's Docker clients; good for every machine of the store.
 * @throws TsmachineError CERTIFICATE_INVALID for a bad authority.
 */
export function issueClientCertificate(
  authority: Authority,
  { now }: { now: Date },
): Promise<Bundle> {
  return issue(authority, {
    role: "client",
    commonName: "tsmachine client",
    subjectNames: [],
    now,
  });
}

interface Request {
  readonly role: PartyRole;
  readonly commonName: string;
  readonly subjectNames: readonly string[];
  readonly now: Date;
}

/** The serial number is the library's own: 128 random bits. */
async function issue(authority: Authority, request: Request): Promise<Bundle> {
  requireUsable(authority, request.now);
  const key = await createPrivateKeyPem();
  const [x509, partyKeys, authorityKeys] = await Promise.all([
    loadX509(),
    importKeyPair(key),
    importKeyPair(authority.key),
  ]);
  const issuer = new x509.X509Certificate(authority.certificate);
  const { notBefore, notAfter } = validityFrom(request.now, partyDays);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ O: ["tsmachine"] }, { CN: [request.commonName] }],
    issuer: issuer.subjectName,
    publicKey: partyKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    notBefore,
    notAfter: new Date(Math.min(notAfter.getTime(), issuer.notAfter.getTime())),
    extensions: await extensionsFor({ ...request, issuer, publicKey: partyKeys.publicKey }),
  });
  return { ca: authority.certificate, certificate: `${certificate.toString("pem")}\n`, key };
}

function requireUsable(authority: Authority, now: Date): void {
  const certificate = parseCertificate(authority.certificate);
  if (!certificate.checkPrivateKey(parsePrivateKey(authority.key))) {
    throw invalidAuthority("does not belong to its private key");
  }
  if (new Date(certificate.validTo) <= now) {
    throw invalidAuthority(`ended on ${certificate.validTo}`);
  }
}

function invalidAuthority(problem: string): TsmachineError {
  return new TsmachineError("CERTIFICATE_INVALID", `the authority's certificate ${problem}`, {
    hints: ["rename the folder certs of the store, so that the next create makes a new authority"],
  });
}
