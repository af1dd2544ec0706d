// A machine's archive is a tar archive in the format ustar, compressed with gzip (RFC 1952): docs/store.md
import * as z from "zod";
import type { MachineFile } from "../../../store/machine-files.ts";

/** The first member: what the others are to be. */
export const headerName = "archive.json";

/** The last member: the SHA-256 of each of the others, in their order, as sha256sum(1) prints it. */
export const sumsName = "SHA256SUMS";

export const recordName = "machine.json";

/** Of the machine's files those that go along; the bundle of the store's clients opens other machines too, and does not. */
export const carriedFiles = {
  sshKey: "id_rsa",
  sshPublicKey: "id_rsa.pub",
  sshHostKey: "ssh_host_ed25519_key",
  serverCertificate: "server.pem",
  serverKey: "server-key.pem",
  imageLocks: "images.lock.json",
  trustedAuthorities: "trusted-authorities.pem",
} as const satisfies Partial<Record<MachineFile, string>>;

export type CarriedFile = keyof typeof carriedFiles;

/** In the order of the archive. */
export const carriedFileKeys = [
  "sshKey",
  "sshPublicKey",
  "sshHostKey",
  "serverCertificate",
  "serverKey",
  "imageLocks",
  "trustedAuthorities",
] as const satisfies readonly CarriedFile[];

/** Bytes of the parts that the disk is in; those that are all zeros are left out. */
export const partBytes = 4 << 20;

/** What the largest disk of any provider has. */
const maxDiskBytes = 64 * 2 ** 40;

export const headerSchema = z.object({
  archiveVersion: z.literal(1),
  /** The machine's. */
  name: z.string(),
  diskBytes: z.number().int().positive().max(maxDiskBytes),
});
export type ArchiveHeader = Readonly<z.infer<typeof headerSchema>>;

/** A part of the disk by the byte that it begins at: "disk/0000000000400000". */
export function partName(offset: number): string {
  return `disk/${offset.toString(16).padStart(16, "0")}`;
}

/** Where a part of that name begins; undefined for any other name. */
export function partOffset(name: string): number | undefined {
  const [, digits] = /^disk\/(000[0-9a-f]{13})$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

/** Bytes of the part of a disk that begins there. */
export function partSize(offset: number, diskBytes: number): number {
  return Math.min(partBytes, diskBytes - offset);
}

/** A line of the last member. */
export function sumLine(sha256: string, name: string): string {
  return `${sha256}  ${name}\n`;
}
