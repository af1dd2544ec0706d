import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type FoundCertificate, parseCertificateFile } from "../../certs/certificate-file.ts";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** More than any system's own list of authorities takes. */
const maxBytes = 1 << 20;

/**
 * The certificates of files that the user has named for an engine to trust, as PEM; empty for none.
 * @param paths an empty one stands for none
 * @throws TsmachineError FILE_UNREADABLE; CERTIFICATE_INVALID for a file that holds no certificate, or a
 *   private key, which must not get into a machine.
 */
export async function readAuthorities(paths: readonly string[]): Promise<string> {
  const found: string[] = [];
  for (const path of paths.filter((one) => one !== "")) {
    for (const { pem } of await certificatesOf(path)) found.push(pem);
  }
  return [...new Set(found)].join("");
}

/** Those of one file. @throws TsmachineError FILE_UNREADABLE, CERTIFICATE_INVALID */
export async function certificatesOf(path: string): Promise<readonly FoundCertificate[]> {
  const parsed = parseCertificateFile(await readSmallFile(path));
  if ("certificates" in parsed) return parsed.certificates;
  throw new TsmachineError("CERTIFICATE_INVALID", sentences[parsed.problem](path), {
    hints: [remedies[parsed.problem](path)],
    context: { path },
  });
}

const sentences = {
  "holds a private key": (path: string) => `${path} holds a private key`,
  "holds no certificate": (path: string) => `${path} holds no certificate`,
  "holds a damaged one": (path: string) => `${path} holds a certificate that is damaged`,
};

const remedies = {
  "holds a private key": (path: string) =>
    `give the certificate alone, as \`openssl x509 -in ${path} -out ca.crt\` writes it; the key stays where it is`,
  "holds no certificate": () => "give the authority's certificate as PEM or DER",
  "holds a damaged one": () => "get the file anew from whoever keeps the authority",
};

async function readSmallFile(path: string): Promise<Uint8Array> {
  try {
    // Without waiting for a pipe's other end, which may never come.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = await file.stat();
    if (status.isDirectory()) throw unreadable(path, "it is a folder");
    if (!status.isFile()) throw unreadable(path, "it is no regular file");
    const content = await readAtMost(file, maxBytes + 1);
    if (content.length > maxBytes) throw unreadable(path, "it is larger than 1 MiB");
    return content;
  } catch (error) {
    const code = Object.keys(reasons).find((one) => isSystemError(error, one));
    if (code === undefined) throw error;
    throw unreadable(path, reasons[code] ?? code, error);
  }
}

/** Whatever size the file says that it has: those of /proc say 0. */
async function readAtMost(file: FileHandle, limit: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(limit);
  let length = 0;
  while (length < limit) {
    const { bytesRead } = await file.read(buffer, length, limit - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  // A socket.
  ENXIO: "it is no regular file",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
};

function unreadable(path: string, reason: string, cause?: unknown): TsmachineError {
  return new TsmachineError("FILE_UNREADABLE", `${path} cannot be read: ${reason}`, {
    hints: ["give a file with the authority's certificate that you may read"],
    ...{ cause, context: { path } },
  });
}
