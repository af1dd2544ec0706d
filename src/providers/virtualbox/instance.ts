import { readConsoleTail } from "../console.ts";
import type { GuestSettings, Instance, MachinePlaces, Operation } from "../provider.ts";
import { createInstance } from "./machine/create.ts";
import { requireOwn } from "./machine/own.ts";
import { powerOf } from "./machine/power.ts";
import { removeInstance } from "./machine/remove.ts";
import { startInstance } from "./machine/start.ts";
import { powerOffInstance, pressPowerButton } from "./machine/stop.ts";
import { suspendInstance } from "./machine/suspend.ts";
import { type Tools, withTools } from "./machine/tools.ts";
import { parseCidr } from "./network/cidr.ts";
import { guestPorts, pathOf, placeMachine, type VirtualBoxRecord } from "./record.ts";
import { snapshotsOf } from "./snapshots.ts";
import type { VirtualBoxWorld } from "./world.ts";

/** A machine that VirtualBox runs. */
export function openVirtualBoxInstance(
  record: VirtualBoxRecord,
  places: MachinePlaces,
  world: VirtualBoxWorld,
): Instance {
  const machine = placeMachine(record, places);
  const using =
    <T>(action: (tools: Tools, operation: Operation) => Promise<T>) =>
    (operation: Operation) =>
      withTools(record, { world, signal: operation.signal }, (tools) => action(tools, operation));
  return {
    create: using((tools) => createInstance(machine, record, tools)),
    remove: using((tools, operation) => removeInstance(machine, { tools, operation })),
    start: using((tools, operation) => startInstance(machine, record, { tools, operation })),
    stop: (how, operation) =>
      using(async (tools) => {
        await requireOwn(machine, tools);
        if (how === "shutdown") await pressPowerButton(machine, tools);
        else await powerOffInstance(machine, tools);
      })(operation),
    power: using((tools) => powerOf(machine, tools)),
    endpoint: async () => endpointOf(record),
    consoleTail: (lines) => readConsoleTail(pathOf(machine, "consoleLog"), lines),
    files: { consoleLog: pathOf(machine, "consoleLog") },
    guest: guestOf(record),
    suspension: { suspend: using((tools) => suspendInstance(machine, tools)) },
    snapshots: snapshotsOf(machine, using),
  };
}

/** The machine's own address, which it keeps, or the ports of 127.0.0.1 that lead there. */
function endpointOf({ hostOnly, ports }: VirtualBoxRecord) {
  if (hostOnly === null) {
    return { address: "127.0.0.1", sshPort: ports.ssh, dockerPort: ports.docker };
  }
  const { ssh, docker } = guestPorts;
  return { address: hostOnly.address ?? "", sshPort: ssh, dockerPort: docker };
}

function guestOf({ hostOnly, folders }: VirtualBoxRecord): GuestSettings {
  const length = parseCidr(hostOnly?.network ?? "")?.prefixLength;
  return {
    addresses:
      hostOnly === null || hostOnly.address === null
        ? []
        : [{ mac: hostOnly.mac, cidr: `${hostOnly.address}/${length}` }],
    folders: folders.map(({ tag, mountPoint }) => ({ type: "vboxsf", tag, mountPoint })),
  };
}
