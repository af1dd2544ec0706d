import { X509Certificate } from "node:crypto";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import type { Bundle } from "./bundle.ts";
import { parsePrivateKey } from "./keys.ts";
import { parseSubjectName } from "./subject-names.ts";
import { daysAfter, renewalDays, type Validity } from "./validity.ts";
import { loadX509 } from "./x509-library.ts";

export interface CertificateFacts extends Validity {
  /** DNS names and IP addresses of the subjectAltName extension, in canonical form. */
  readonly subjectNames: readonly string[];
}

/** @throws TsmachineError CERTIFICATE_INVALID when the text holds no certificate. */
export async function readCertificate(pem: string): Promise<CertificateFacts> {
  const { raw } = parseCertificate(pem);
  const x509 = await loadX509();
  const { notBefore, notAfter, extensions } = new x509.X509Certificate(raw);
  const subjectNames = extensions
    .filter((extension) => extension instanceof x509.SubjectAlternativeNameExtension)
    .flatMap((extension) => extension.names.items)
    .filter(({ type }) => type === "dns" || type === "ip")
    .map(({ value }) => parseSubjectName(value).value);
  return { notBefore, notAfter, subjectNames };
}

/**
 * Whether the party needs a new certificate: under 30 days are left, its names are not exactly
 * these, another authority signed it, the key is not its own, or something is unreadable.
 */
export async function needsRenewal(
  bundle: Bundle,
  wanted: { readonly now: Date; readonly subjectNames: readonly string[] },
): Promise<boolean> {
  try {
    const { notAfter, subjectNames } = await readCertificate(bundle.certificate);
    return (
      notAfter < daysAfter(wanted.now, renewalDays) ||
      !haveSameNames(subjectNames, wanted.subjectNames) ||
      !isConsistent(bundle)
    );
  } catch (error) {
    if (error instanceof TsmachineError && error.code === "CERTIFICATE_INVALID") return true;
    throw error;
  }
}

/** @throws TsmachineError CERTIFICATE_INVALID */
export function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new TsmachineError("CERTIFICATE_INVALID", "the certificate is not readable as PEM", {
      cause,
    });
  }
}

/** Whether the authority signed the certificate, and the key is its own. @throws TsmachineError CERTIFICATE_INVALID */
export function isConsistent({ ca, certificate, key }: Bundle): boolean {
  const authority = parseCertificate(ca);
  const party = parseCertificate(certificate);
  return (
    party.checkIssued(authority) &&
    party.verify(authority.publicKey) &&
    party.checkPrivateKey(parsePrivateKey(key))
  );
}

function haveSameNames(present: readonly string[], wanted: readonly string[]): boolean {
  const wantedNames = new Set(wanted.map((name) => parseSubjectName(name).value));
  return present.length === wantedNames.size && present.every((name) => wantedNames.has(name));
}
