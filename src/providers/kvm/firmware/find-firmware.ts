import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Architecture } from "../../../host/architecture.ts";
import { readTextIfPresent } from "../../../host/files/files.ts";
import { readableNamesIn } from "../../../host/files/names-in.ts";
import { type Firmware, parseDescriptor } from "./descriptor.ts";

export interface FirmwarePlaces {
  /** Where packages of firmware put their descriptors; earlier folders go before later ones. */
  readonly descriptorFolders: readonly string[];
  /** Files for `-bios`, to be taken when no descriptor helps. */
  readonly undescribed: Readonly<Record<Architecture, readonly string[]>>;
}

export const firmwarePlaces: FirmwarePlaces = {
  descriptorFolders: [
    "/etc/qemu/firmware",
    "/usr/share/qemu/firmware",
    // Homebrew, on Apple's processors and on Intel's.
    "/opt/homebrew/share/qemu/firmware",
    "/usr/local/share/qemu/firmware",
  ],
  undescribed: {
    amd64: ["/usr/share/ovmf/OVMF.fd", "/usr/share/OVMF/OVMF.fd"],
    arm64: ["/usr/share/qemu-efi-aarch64/QEMU_EFI.fd", "/usr/share/AAVMF/QEMU_EFI.fd"],
  },
};

/** The UEFI firmware of this host that goes first; undefined when there is none. */
export async function findFirmware(
  { descriptorFolders, undescribed }: FirmwarePlaces,
  architecture: Architecture,
): Promise<Firmware | undefined> {
  for (const path of await descriptors(descriptorFolders)) {
    const firmware = parseDescriptor((await readTextIfPresent(path)) ?? "", architecture);
    if (firmware !== undefined && (await isWhole(firmware))) return firmware;
  }
  for (const path of undescribed[architecture]) {
    if (await isReadable(path)) return { kind: "memory", path };
  }
  return undefined;
}

/** Paths by the names' order; a name in an earlier folder hides the same one in later folders. */
async function descriptors(folders: readonly string[]): Promise<string[]> {
  const pathByName = new Map<string, string>();
  for (const folder of folders) {
    for (const name of await readableNamesIn(folder)) {
      if (name.endsWith(".json") && !pathByName.has(name)) pathByName.set(name, join(folder, name));
    }
  }
  return [...pathByName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

async function isWhole(firmware: Firmware): Promise<boolean> {
  if (firmware.kind === "memory") return isReadable(firmware.path);
  const { program, variables } = firmware;
  return (await isReadable(program.path)) && (await isReadable(variables.path));
}

async function isReadable(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
