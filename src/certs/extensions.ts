import type { Extension, X509Certificate } from "@peculiar/x509";
import { parseSubjectName } from "./subject-names.ts";
import { loadX509 } from "./x509-library.ts";

export type PartyRole = "server" | "client";

/** The extensions of a party's certificate, as RFC 5280, section 4.2 wants them for TLS. */
export async function extensionsFor(party: {
  readonly role: PartyRole;
  readonly subjectNames: readonly string[];
  readonly publicKey: CryptoKey;
  readonly issuer: X509Certificate;
}): Promise<Extension[]> {
  const x509 = await loadX509();
  const { role, subjectNames, publicKey, issuer } = party;
  const usage = {
    server: x509.ExtendedKeyUsage.serverAuth,
    client: x509.ExtendedKeyUsage.clientAuth,
  };
  const extensions: Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([usage[role]]),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ];
  // An authority made elsewhere may have no key identifier that could be pointed at.
  const issuerKey = issuer.getExtension(x509.SubjectKeyIdentifierExtension);
  if (issuerKey) extensions.push(new x509.AuthorityKeyIdentifierExtension(issuerKey.keyId));
  if (subjectNames.length > 0) {
    extensions.push(new x509.SubjectAlternativeNameExtension(subjectNames.map(parseSubjectName)));
  }
  return extensions;
}
