import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { MachineView } from "../control.ts";
import { releaseAddress } from "../network/claim-address.ts";
import { pathOf, type VirtualBoxMachine } from "../record.ts";
import { findMachine, findSettingsFile } from "./find.ts";
import { ports } from "./media.ts";
import { powerOffInstance } from "./stop.ts";
import type { Tools } from "./tools.ts";

/** Removes the machine from VirtualBox with all its files, and from the network what nobody else uses. */
export async function removeInstance(machine: VirtualBoxMachine, tools: Tools): Promise<void> {
  const { control } = tools;
  await powerOffInstance(machine, tools);
  const view = await findMachine(machine, tools);
  if (view !== undefined) {
    await control.deleteMachine(machine.uuid);
    await forgetImages(view, tools);
  }
  // What VirtualBox leaves of a machine that it cannot read, or does not know any more.
  const settingsFile = await findSettingsFile(machine);
  if (settingsFile !== undefined) await rm(dirname(settingsFile), { recursive: true, force: true });
  await Promise.all(
    (["consoleLog", "previousConsoleLog"] as const).map((name) =>
      rm(pathOf(machine, name), { force: true }),
    ),
  );
  await releaseAddress(machine, tools);
}

/** VirtualBox goes on listing the images of a machine that is gone. They are other machines' too. */
async function forgetImages({ media }: MachineView, { control }: Tools): Promise<void> {
  const images = [ports.bootIso, ports.engineImage, ports.seedImage];
  for (const path of images.flatMap((port) => media.get(port) ?? [])) await control.forgetDvd(path);
}
