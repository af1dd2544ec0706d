import { createHash } from "node:crypto";
import type { Authority } from "./bundle.ts";
import { createPrivateKeyPem, importKeyPair } from "./keys.ts";
import { authorityDays, validityFrom } from "./validity.ts";
import { loadX509 } from "./x509-library.ts";

/**
 * A new certificate authority: ECDSA P-256, self-signed, good for ten years, allowed to sign
 * certificates of parties but no further authorities (RFC 5280, section 4.2.1.9).
 */
export async function createAuthority({ now }: { now: Date }): Promise<Authority> {
  const key = await createPrivateKeyPem();
  const [x509, keys] = await Promise.all([loadX509(), importKeyPair(key)]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    keys,
    name: [{ O: ["tsmachine"] }, { CN: [`tsmachine CA ${await shortIdOf(keys.publicKey)}`] }],
    ...validityFrom(now, authorityDays),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key };
}

/** Tells the authorities of several stores apart, for people and for programs that look up by name. */
async function shortIdOf(publicKey: CryptoKey): Promise<string> {
  const spki = await crypto.subtle.exportKey("spki", publicKey);
  return createHash("sha256").update(new Uint8Array(spki)).digest("hex").slice(0, 8);
}
