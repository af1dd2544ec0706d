import { X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { readTextIfPresent } from "../files/files.ts";

/** A file of PEM certificates. */
export interface CaFile {
  readonly path: string;
  /** Who named it, for messages: "TSMACHINE_CA_FILE". */
  readonly origin: string;
}

/**
 * Trust in the authorities of that file besides those that Node brings and those of
 * NODE_EXTRA_CA_CERTS, which a list of one's own would put out of force.
 * @param extraPath value of NODE_EXTRA_CA_CERTS; Node itself has warned when it is not readable
 * @throws TsmachineError INVALID_INPUT when the file is missing or holds no certificate.
 */
export async function trustBesides(
  file: CaFile,
  extraPath: string | undefined,
): Promise<SecureContext> {
  const extra = extraPath ? pemBlocksIn((await readIfReadable(extraPath)) ?? "") : [];
  return createSecureContext({ ca: [...rootCertificates, ...extra, ...(await readCaFile(file))] });
}

async function readCaFile({ path, origin }: CaFile): Promise<string[]> {
  const text = await readIfReadable(path);
  const certificates = pemBlocksIn(text ?? "");
  if (certificates.length > 0 && certificates.every(isCertificate)) return certificates;
  const problem = text === undefined ? "cannot be read" : "does not hold certificates in PEM";
  throw new TsmachineError("INVALID_INPUT", `the CA file ${path} (from ${origin}) ${problem}`, {
    hints: [`set ${origin} to a readable file of PEM certificates, or unset it`],
  });
}

async function readIfReadable(path: string): Promise<string | undefined> {
  try {
    return await readTextIfPresent(path);
  } catch (error) {
    if (isSystemError(error, "EACCES", "EISDIR", "EPERM")) return undefined;
    throw error;
  }
}

function pemBlocksIn(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
