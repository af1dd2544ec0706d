import { parseCertificateFile } from "../../certs/certificate-file.ts";
import type { MachineFiles } from "../../store/machine-files.ts";
import { type CarriedFile, carriedFiles } from "./archive/archive-format.ts";
import { invalidArchive } from "./archive/invalid-archive.ts";

/**
 * What an imported machine has of its archive's files whatever the store is: its SSH keys, and the authorities that it
 * was given with `--ca-cert`.
 * @throws TsmachineError IMPORT_INVALID
 */
export function archivedFiles(
  path: string,
  { sshKey, sshPublicKey, sshHostKey, trustedAuthorities }: Pick<MachineFiles, CarriedFile>,
): MachineFiles {
  if (sshKey === undefined || sshPublicKey === undefined || sshHostKey === undefined) {
    throw invalidArchive(path, "it lacks an SSH key of the machine");
  }
  return {
    ...{ sshKey, sshPublicKey, sshHostKey },
    ...(trustedAuthorities !== undefined && {
      trustedAuthorities: certificatesAlone(path, trustedAuthorities),
    }),
  };
}

/** Without the text around them, which is anybody's. */
function certificatesAlone(path: string, text: string): string {
  const parsed = parseCertificateFile(Buffer.from(text));
  if ("certificates" in parsed) return parsed.certificates.map(({ pem }) => pem).join("");
  throw invalidArchive(path, `${carriedFiles.trustedAuthorities} ${parsed.problem}`);
}
