import { access } from "node:fs/promises";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Architecture } from "../../../host/architecture.ts";
import type { OperatingSystem } from "../preflight/install-command.ts";
import type { Firmware } from "./descriptor.ts";
import { type FirmwarePlaces, findFirmware } from "./find-firmware.ts";
import { installFirmwareRemedy } from "./install-remedy.ts";

/** The word for this host's own UEFI firmware, in place of a path. */
export const uefi = "uefi";

interface FirmwareQuest {
  readonly architecture: Architecture;
  readonly system: OperatingSystem;
  readonly places: FirmwarePlaces;
}

/**
 * The firmware that a machine is given; undefined: the one that QEMU brings.
 * @param wanted `uefi`, the path of a file for `-bios`, or null
 * @throws TsmachineError FIRMWARE_MISSING with this operating system's remedy as its hint.
 */
export async function chooseFirmware(
  wanted: string | null,
  { architecture, system, places }: FirmwareQuest,
): Promise<Firmware | undefined> {
  if (wanted === null) return undefined;
  if (wanted !== uefi) return givenFirmware(wanted);
  const firmware = await findFirmware(places, architecture);
  if (firmware !== undefined) return firmware;
  throw new TsmachineError(
    "FIRMWARE_MISSING",
    `there is no UEFI firmware for ${architecture} machines on this host`,
    { hints: [installFirmwareRemedy(system, architecture)] },
  );
}

async function givenFirmware(path: string): Promise<Firmware> {
  try {
    await access(path);
  } catch (cause) {
    throw new TsmachineError("FIRMWARE_MISSING", `the firmware ${path} cannot be read`, {
      hints: ["give the path of a firmware image with `--kvm-firmware`, or the word `uefi`"],
      cause,
    });
  }
  return { kind: "memory", path };
}
