import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";

export interface SimulatedMachine {
  readonly id: string;
  name: string;
  notes: string;
  /** Name of the enumeration VMState. */
  state: string;
  readonly generation: number;
  disks: string[];
  /** Paths by "controller:location". */
  readonly dvds: Map<string, string>;
  switchId: string | undefined;
  addresses: string[];
  checkpoints: { readonly label: string; readonly state: string }[];
  pipe: string;
  console: Server | undefined;
}

export const greeting = "simulated guest is up";

/** Hyper-V offers the guest's serial console on a pipe while the machine runs. */
export async function openConsole(machine: SimulatedMachine): Promise<void> {
  await closeConsole(machine);
  const server = createServer((client) => {
    client.on("error", () => {});
    client.write(`loading\r\n${greeting}\r\n`);
    server.once("close", () => client.destroy());
  });
  server.unref();
  await rm(machine.pipe, { force: true });
  await new Promise<void>((resolve) => server.listen(machine.pipe, resolve));
  machine.console = server;
}

export async function closeConsole(machine: SimulatedMachine): Promise<void> {
  const server = machine.console;
  machine.console = undefined;
  server?.close();
  server?.emit("close");
}
