// VirtualBox 7.1 moved what belongs to one kind of processor alone from IMachine to IPlatform, and what
// belongs to the firmware from IBIOSSettings to IFirmwareSettings. The WSDL of virtualbox-soap is that of
// 7.0, and the server's own takes another 4 MB and another parse: these few calls are made by hand.
import type { Machine } from "../soap/api.ts";
import type { HandArguments } from "../soap/by-hand.ts";
import type { Client } from "../soap/connection.ts";
import { referenceOf } from "../soap/package.ts";
import { hasApiOf } from "./api-version.ts";

/** Whether the server has what came with 7.1. */
export function hasPlatforms(client: Client): Promise<boolean> {
  return hasApiOf(client, [7, 1]);
}

/** BIOS without its picture and menu, ACPI, and a clock in UTC. */
export async function setFirmware(client: Client, machine: Machine): Promise<void> {
  await ((await hasPlatforms(client)) ? setByHand(client, machine) : setBios(machine));
}

const logoMs = 0;

async function setBios(machine: Machine): Promise<void> {
  await machine.setFirmwareType("BIOS");
  await machine.setRTCUseUTC(true);
  const bios = await machine.getBIOSSettings();
  await bios.setLogoFadeIn(false);
  await bios.setLogoFadeOut(false);
  await bios.setLogoDisplayTime(logoMs);
  await bios.setBootMenuMode("Disabled");
  await bios.setACPIEnabled(true);
  await bios.setIOAPICEnabled(true);
}

async function setByHand({ callByHand }: Client, machine: Machine): Promise<void> {
  const get = async (method: string): Promise<string> => {
    const reference = await callByHand(method, { _this: referenceOf(machine) });
    if (reference === undefined) throw new Error(`${method} gives back nothing`);
    return reference;
  };
  const platform = await get("IMachine_getPlatform");
  await callByHand("IPlatform_setRTCUseUTC", { _this: platform, RTCUseUTC: true });
  const firmware = await get("IMachine_getFirmwareSettings");
  const settings: HandArguments = {
    ...{ firmwareType: "BIOS", logoFadeIn: false, logoFadeOut: false, logoDisplayTime: logoMs },
    ...{ bootMenuMode: "Disabled", ACPIEnabled: true, IOAPICEnabled: true },
  };
  for (const [name, value] of Object.entries(settings)) {
    const method = `IFirmwareSettings_set${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    await callByHand(method, { _this: firmware, [name]: value });
  }
}
