import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { sep } from "node:path";
import * as checkpoints from "../../../src/providers/hyperv/scripts/checkpoints.ts";
import { createMachine } from "../../../src/providers/hyperv/scripts/create.ts";
import { detect, type HyperVFacts } from "../../../src/providers/hyperv/scripts/detect.ts";
import type { HardwareRequest } from "../../../src/providers/hyperv/scripts/hardware.ts";
import * as look from "../../../src/providers/hyperv/scripts/look.ts";
import type { MachineKey } from "../../../src/providers/hyperv/scripts/machine-parts.ts";
import { removeMachine } from "../../../src/providers/hyperv/scripts/remove.ts";
import type { Script } from "../../../src/providers/hyperv/scripts/script.ts";
import { startMachine } from "../../../src/providers/hyperv/scripts/start.ts";
import * as stop from "../../../src/providers/hyperv/scripts/stop.ts";
import {
  listSwitches,
  type VirtualSwitch,
} from "../../../src/providers/hyperv/scripts/switches.ts";
import type { Json } from "../../../src/providers/provider.ts";
import { closeConsole, openConsole, type SimulatedMachine } from "./simulated-machine.ts";

export interface SimulatedHost {
  readonly facts: HyperVFacts;
  readonly machines: Map<string, SimulatedMachine>;
  readonly switches: VirtualSwitch[];
  /** Addresses that guests have been given so far. */
  leases: number;
}

/** An error as PowerShell throws it. */
export class SimulatedFault extends Error {
  readonly id: string;
  readonly category: string;
  constructor(message: string, { id, category }: { id: string; category: string }) {
    super(message);
    this.id = id;
    this.category = category;
  }
}

type Run = (request: Json) => Promise<unknown>;

/** What each script would do to Hyper-V, by its name. */
export function simulatedScripts(host: SimulatedHost): ReadonlyMap<string, Run> {
  const scripts = new Map<string, Run>();
  const define = <Request extends Json, Value>(
    script: Script<Request, Value>,
    action: (request: Request) => Promise<Value> | Value,
  ) => scripts.set(script.name, async (request) => action(script.request.parse(request)));

  const find = ({ id, tag }: MachineKey) =>
    id === null
      ? [...host.machines.values()].find((one) => `${one.name} ${one.notes}`.includes(tag))
      : host.machines.get(id);

  define(detect, () => host.facts);
  define(listSwitches, () => ({ switches: [...host.switches] }));
  define(look.listMachines, () => ({
    machines: [...host.machines.values()].map(({ id, name }) => ({ id, name })),
  }));
  define(look.lookAtMachine, ({ machine }) => ({ machine: viewOf(find(machine)) }));
  define(look.findInFolder, ({ folder, mark }) => ({
    ids: [...host.machines.values()]
      .filter(({ name, notes }) => `${name} ${notes}`.includes("tsmachine-"))
      .filter(
        ({ name, disks }) =>
          name.includes(mark) || disks.some((disk) => disk.startsWith(folder + sep)),
      )
      .map(({ id }) => id),
  }));
  define(look.findAddresses, ({ machine }) => {
    const found = find(machine);
    if (found === undefined) return { state: null, told: [], neighbours: [] };
    return { state: found.state, told: [...found.addresses], neighbours: [] };
  });
  define(createMachine, async (request) => {
    if (!existsSync(request.diskPath)) await writeFile(request.diskPath, "a virtual disk");
    const machine = find(request.machine) ?? addMachine(host, request);
    if (machine.state === "Off") setHardware(host, machine, request);
    if (machine.name.startsWith(request.machine.tag)) machine.name = request.name;
    return { machine: viewOf(machine) };
  });
  define(startMachine, async (request) => {
    const machine = find(request.machine);
    if (machine === undefined) return { outcome: "absent" };
    switch (machine.state) {
      case "Off":
        if (!existsSync(request.diskPath)) return { outcome: "disk-missing" };
        setHardware(host, machine, request);
        await switchOn(host, machine);
        return { outcome: "started" };
      case "Saved":
        if (!machine.disks.every((disk) => existsSync(disk))) return { outcome: "disk-missing" };
        await switchOn(host, machine);
        return { outcome: "started" };
      case "Paused":
        machine.state = "Running";
        return { outcome: "started" };
      case "Running":
        return { outcome: "running" };
      default:
        return { outcome: "busy" };
    }
  });
  define(stop.shutDownMachine, async ({ machine }) => {
    const found = find(machine);
    if (found === undefined) return { outcome: "absent" };
    if (found.state !== "Running" && found.state !== "Paused") return { outcome: "off" };
    await switchOff(found, "Off");
    return { outcome: "done" };
  });
  define(stop.powerOffMachine, async ({ machine }) => {
    const found = find(machine);
    if (found === undefined) return { outcome: "absent" };
    await switchOff(found, "Off");
    return { outcome: "done" };
  });
  define(stop.saveMachine, async ({ machine }) => {
    const found = find(machine);
    if (found === undefined) return { outcome: "absent" };
    if (!["Running", "Paused", "Saved"].includes(found.state)) return { outcome: "off" };
    await switchOff(found, "Saved");
    return { outcome: "done" };
  });
  define(removeMachine, ({ machine }) => {
    const found = find(machine);
    if (found === undefined) return { outcome: "absent" };
    if (found.state !== "Off") {
      throw new SimulatedFault("Der Vorgang ist im aktuellen Zustand nicht möglich.", {
        ...{ id: "InvalidState,Microsoft.HyperV.PowerShell.Commands.RemoveVM" },
        category: "NotSpecified",
      });
    }
    host.machines.delete(found.id);
    return { outcome: "done" };
  });
  defineCheckpoints(define, find);
  return scripts;
}

type Define = <Request extends Json, Value>(
  script: Script<Request, Value>,
  action: (request: Request) => Promise<Value> | Value,
) => void;

function defineCheckpoints(
  define: Define,
  find: (key: MachineKey) => SimulatedMachine | undefined,
): void {
  type Outcome = "done" | "absent" | "taken" | "missing";
  const reply = (machine: SimulatedMachine | undefined, outcome: Outcome) => ({
    outcome,
    labels: (machine?.checkpoints ?? []).map(({ label }) => label),
  });
  define(checkpoints.listCheckpoints, ({ machine }) => {
    const found = find(machine);
    return reply(found, found === undefined ? "absent" : "done");
  });
  define(checkpoints.takeCheckpoint, ({ machine, label }) => {
    const found = find(machine);
    if (found === undefined) return reply(found, "absent");
    if (found.checkpoints.some((one) => one.label === label)) return reply(found, "taken");
    found.checkpoints.push({ label, state: found.state === "Running" ? "Saved" : "Off" });
    return reply(found, "done");
  });
  define(checkpoints.restoreCheckpoint, async ({ machine, label }) => {
    const found = find(machine);
    if (found === undefined) return reply(found, "absent");
    const checkpoint = found.checkpoints.find((one) => one.label === label);
    if (checkpoint === undefined) return reply(found, "missing");
    await switchOff(found, checkpoint.state);
    return reply(found, "done");
  });
  define(checkpoints.removeCheckpoint, ({ machine, label }) => {
    const found = find(machine);
    if (found === undefined) return reply(found, "absent");
    const rest = found.checkpoints.filter((one) => one.label !== label);
    if (rest.length === found.checkpoints.length) return reply(found, "missing");
    found.checkpoints = rest;
    return reply(found, "done");
  });
}

function viewOf(machine: SimulatedMachine | undefined) {
  if (machine === undefined) return null;
  const { id, name, state, generation, disks } = machine;
  return { id, name, state, generation, disks };
}

function addMachine(
  host: SimulatedHost,
  { machine, mark, generation }: HardwareRequest & { readonly mark: string },
) {
  const made: SimulatedMachine = {
    id: crypto.randomUUID(),
    ...{ name: `${machine.tag} ${mark}`, notes: "", state: "Off", generation },
    ...{ disks: [], dvds: new Map(), switchId: undefined, addresses: [], checkpoints: [] },
    ...{ pipe: "", console: undefined },
  };
  host.machines.set(made.id, made);
  return made;
}

function setHardware(host: SimulatedHost, machine: SimulatedMachine, request: HardwareRequest) {
  const { switchId, switchName } = request;
  const fitting =
    host.switches.find(({ id }) => id === switchId) ??
    host.switches.find(({ name }) => name === switchName) ??
    host.switches.find(({ id }) => id === machine.switchId);
  if (fitting === undefined) {
    throw new SimulatedFault("SwitchMissing", {
      id: "SwitchMissing",
      category: "OperationStopped",
    });
  }
  if (!machine.notes.includes(request.machine.tag)) {
    machine.notes = `${machine.notes} ${request.machine.tag}`.trim();
  }
  machine.switchId = fitting.id;
  machine.pipe = request.consolePipe;
  if (machine.checkpoints.length === 0) machine.disks = [request.diskPath];
  const seedPlace = request.generation === 1 ? "1:0" : "0:2";
  machine.dvds.set("0:0", request.bootIso).set("0:1", request.engineImage);
  machine.dvds.set(seedPlace, request.seedImage);
}

async function switchOn(host: SimulatedHost, machine: SimulatedMachine): Promise<void> {
  machine.state = "Running";
  host.leases += 1;
  // The Default Switch's subnet is another after each start of Windows.
  machine.addresses = ["fe80::215:5dff:fe38:102", `172.28.${host.leases}.7`];
  await openConsole(machine);
}

async function switchOff(machine: SimulatedMachine, state: string): Promise<void> {
  machine.state = state;
  machine.addresses = [];
  await closeConsole(machine);
}
