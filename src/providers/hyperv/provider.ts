import { randomUUID } from "node:crypto";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineSpec, Provider } from "../provider.ts";
import { abandonFolder } from "./abandon.ts";
import { chooseSwitch } from "./choose-switch.ts";
import { openHyperVInstance } from "./instance.ts";
import { hyperVOptionsSchema, parseHyperVOptions } from "./options.ts";
import { ask, type Tools } from "./powershell/ask.ts";
import { checkHost } from "./preflight/check.ts";
import { type HyperVRecord, markOf, parseHyperVRecord } from "./record.ts";
import { findInFolder, listMachines } from "./scripts/look.ts";
import { listSwitches } from "./scripts/switches.ts";
import type { HyperVWorld } from "./world.ts";

/** Hyper-V of Windows 10, 11 and Server 2016 and newer, through Windows PowerShell. */
export function createHyperVProvider(world: HyperVWorld): Provider {
  return {
    id: "hyperv",
    aliases: [],
    capabilities: {
      ownsInstance: true,
      bootsIso: true,
      suspension: true,
      snapshots: true,
      forwards: false,
      dynamicEndpoint: true,
      parallel: true,
      kernelFlavour: "cloud",
    },
    options: hyperVOptionsSchema,
    check: ({ signal }) => checkHost({ world, signal }),
    plan: (spec, input, { signal }) => plan(spec, input, { world, signal }),
    abandon: (directory, { signal }) => abandonFolder(directory, { world, signal }),
    open: (record, places) => openHyperVInstance(parseHyperVRecord(record), places, world),
  };
}

async function plan(
  { name, architecture, directory }: MachineSpec,
  input: unknown,
  tools: Tools,
): Promise<HyperVRecord> {
  const { world } = tools;
  const options = parseHyperVOptions(input, await world.readResources());
  if (architecture !== world.architecture) {
    throw new TsmachineError(
      "INVALID_INPUT",
      `Hyper-V machines have this host's architecture, which is ${world.architecture}`,
      { hints: ["leave --arch out"] },
    );
  }
  const { switches } = await ask(listSwitches, {}, tools);
  const { id: switchId, name: switchName } = chooseSwitch(options.virtualSwitch, switches);
  await requireFreeName({ name, directory }, tools);
  return {
    version: 1,
    id: null,
    tag: `tsmachine-${randomUUID()}`,
    name,
    generation: options.generation,
    memoryMiB: options.memoryMiB,
    hasDynamicMemory: !options.disableDynamicMemory,
    cpuCount: options.cpuCount,
    diskSizeMiB: options.diskSizeMiB,
    ...{ switchId, switchName },
    macAddress: options.staticMacAddress?.replace(/[:-]/g, "").toLowerCase() ?? null,
    // docker-machine has 0 for none.
    vlanId: options.vlanId || null,
  };
}

/**
 * Hyper-V allows two machines of one name, and its users could not tell them apart. What is left of a
 * creation that was killed is no other machine: core removes it.
 */
async function requireFreeName(
  { name, directory }: Pick<MachineSpec, "name" | "directory">,
  tools: Tools,
): Promise<void> {
  const { machines } = await ask(listMachines, {}, tools);
  const namesakes = machines.filter((machine) => machine.name === name);
  if (namesakes.length === 0) return;
  const { ids } =
    directory === undefined
      ? { ids: [] }
      : await ask(findInFolder, { folder: directory, mark: markOf(directory) }, tools);
  const other = namesakes.find(({ id }) => !ids.includes(id));
  if (other === undefined) return;
  throw new TsmachineError("INSTANCE_EXISTS", `Hyper-V has another machine named "${name}"`, {
    hints: [
      `choose another name; or, if nobody needs that one, remove it: \`Get-VM -Id ${other.id} | Remove-VM\` in PowerShell`,
    ],
    context: { id: other.id },
  });
}
