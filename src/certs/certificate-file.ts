import { createPrivateKey, X509Certificate } from "node:crypto";

/** A certificate by itself, whatever else its file has. */
export interface FoundCertificate {
  /** One block, with a line end behind it. */
  readonly pem: string;
  /** On one line: "O=Example, CN=Example Root". */
  readonly subject: string;
  readonly notAfter: Date;
}

/** What a file has for who wants certificates of it; `problem` goes on after the file's name. */
export type CertificateFile =
  | { readonly certificates: readonly FoundCertificate[] }
  | { readonly problem: "holds a private key" | "holds no certificate" | "holds a damaged one" };

/** Reads PEM (RFC 7468), with any text in between, or one certificate as DER. */
export function parseCertificateFile(content: Uint8Array): CertificateFile {
  const text = Buffer.from(content).toString("latin1");
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)) return { problem: "holds a private key" };
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const isCutShort = text.split("-----BEGIN CERTIFICATE-----").length - 1 > blocks.length;
  if (blocks.length === 0 && !isCutShort) return parseDer(Buffer.from(content));
  const certificates = blocks.flatMap((block) => describe(block) ?? []);
  return isCutShort || certificates.length < blocks.length
    ? { problem: "holds a damaged one" }
    : { certificates };
}

function parseDer(content: Buffer): CertificateFile {
  const certificate = describe(content);
  if (certificate !== undefined) return { certificates: [certificate] };
  return { problem: isPrivateKey(content) ? "holds a private key" : "holds no certificate" };
}

function describe(content: string | Buffer): FoundCertificate | undefined {
  try {
    const certificate = new X509Certificate(content);
    return {
      pem: certificate.toString(),
      // Whoever has made it has chosen the words.
      subject: certificate.subject?.replaceAll("\n", ", ").replace(/\p{Cc}/gu, "?") ?? "",
      notAfter: new Date(certificate.validTo),
    };
  } catch {
    return undefined;
  }
}

function isPrivateKey(key: Buffer): boolean {
  return (["pkcs8", "pkcs1", "sec1"] as const).some((type) => {
    try {
      return createPrivateKey({ key, format: "der", type }).type === "private";
    } catch {
      return false;
    }
  });
}
