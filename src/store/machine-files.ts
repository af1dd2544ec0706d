import { readTextIfPresent, writeFileAtomic } from "../host/files/files.ts";
import type { MachineLayout } from "./layout.ts";

export type MachineFile = Exclude<keyof MachineLayout, "directory" | "foreignRecord" | "record">;

/** Texts of a machine's certificates and keys, by their name in MachineLayout. */
export type MachineFiles = Readonly<Partial<Record<MachineFile, string>>>;

const machineFiles = [
  "ca",
  "certificate",
  "key",
  "serverCertificate",
  "serverKey",
  "sshKey",
  "sshPublicKey",
  "sshHostKey",
  "knownHosts",
  "trustedAuthorities",
  "imageLocks",
] as const satisfies readonly MachineFile[];

/** Each file whole or not at all; files that are not given stay as they are. */
export async function writeFilesTo(layout: MachineLayout, files: MachineFiles): Promise<void> {
  for (const file of machineFiles) {
    const text = files[file];
    if (text !== undefined) await writeFileAtomic(layout[file], text);
  }
}

/** Those of the files that are there; of all files unless some are named. */
export async function readFilesFrom(
  layout: MachineLayout,
  wanted: readonly MachineFile[] = machineFiles,
): Promise<MachineFiles> {
  const found: Partial<Record<MachineFile, string>> = {};
  for (const file of wanted) {
    const text = await readTextIfPresent(layout[file]);
    if (text !== undefined) found[file] = text;
  }
  return found;
}
