import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { acceptsConnections } from "../../host/accepts-connections.ts";
import { adoptedCapabilities, openAdopted } from "../adopted.ts";
import type { Json, Operation, PowerState, Provider } from "../provider.ts";
import { parseDriver } from "./docker-machine.ts";
import { type GenericRecord, parseRecord } from "./record.ts";

/** As long as docker-machine waits, and as much again: SSH and engine are tried at once. */
const connectTimeoutMs = 2_000;

/** A host that is there already and that one logs in to; docker-machine's driver of this name. */
export function createGenericProvider(): Provider {
  return {
    id: "generic",
    aliases: [],
    capabilities: adoptedCapabilities,
    options: z.object({}),
    check: async () => ({ state: "ready", version: "needs nothing", notes: [] }),
    plan: async () => Promise.reject(cannotCreate()),
    adopt: (driver) => ({ ...parseDriver(driver) }),
    open: (record) => openGeneric(record, parseRecord(record)),
    abandon: async () => {},
  };
}

function openGeneric(record: Json, { address, sshPort, sshUser, dockerPort }: GenericRecord) {
  return openAdopted({
    record,
    endpoint: { address, sshPort, sshUser, dockerPort },
    power: (operation) => powerOf({ address, ports: [sshPort, dockerPort] }, operation),
  });
}

/** It runs when anybody listens there. */
async function powerOf(
  { address, ports }: { readonly address: string; readonly ports: readonly number[] },
  { signal }: Operation,
): Promise<PowerState> {
  const limits = { timeoutMs: connectTimeoutMs, signal };
  const listening = await Promise.all(
    ports.map((port) => acceptsConnections({ address, port }, limits)),
  );
  signal.throwIfAborted();
  return listening.includes(true) ? "running" : "stopped";
}

function cannotCreate(): TsmachineError {
  return new TsmachineError("PROVIDER_UNAVAILABLE", "provider generic cannot create machines yet", {
    hints: ["choose another one, such as `--driver kvm`, or take one over with `tsmachine import`"],
  });
}
