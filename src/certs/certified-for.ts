import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";

/** Whether the certificate's subjectAltName has this IP address or DNS name (RFC 9525, section 6). */
export function isCertifiedFor(certificate: X509Certificate, address: string): boolean {
  const found = isIP(address) === 0 ? certificate.checkHost(address) : certificate.checkIP(address);
  return found !== undefined;
}
