import { parseCertificateFile } from "../../certs/certificate-file.ts";
import { isPublicKeyOf } from "../../ssh/key-pair.ts";
import type { MachineFiles } from "../../store/machine-files.ts";
import { carriedFiles } from "./archive/archive-format.ts";
import { invalidArchive } from "./archive/invalid-archive.ts";
import type { OpenArchive } from "./archive/read-archive.ts";
import type { ArchivedRecord } from "./archived-record.ts";

interface Archived {
  readonly archive: Pick<OpenArchive, "files">;
  readonly archived: Pick<ArchivedRecord, "sshHostKey">;
}

/**
 * What an imported machine has of its archive's files whatever the store is: its SSH keys, and the authorities that it
 * was given with `--ca-cert`.
 * @throws TsmachineError IMPORT_INVALID
 */
export async function archivedFiles(
  path: string,
  { archived, archive: { files } }: Archived,
): Promise<MachineFiles> {
  const { sshKey, sshPublicKey, sshHostKey, trustedAuthorities } = files;
  if (sshKey === undefined || sshPublicKey === undefined || sshHostKey === undefined) {
    throw invalidArchive(path, "it lacks an SSH key of the machine");
  }
  if (!(await isPublicKeyOf(sshKey, sshPublicKey))) {
    throw invalidArchive(path, "its id_rsa.pub is not the public key of its id_rsa");
  }
  if (!(await isPublicKeyOf(sshHostKey, archived.sshHostKey))) {
    throw invalidArchive(path, "its ssh_host_ed25519_key is not that of its record");
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
