import { isIPv4 } from "node:net";
import type { Endpoint } from "../../provider.ts";
import { ask, type Tools } from "../powershell/ask.ts";
import { guestPorts, type HyperVMachine, keyOf } from "../record.ts";
import { findAddresses } from "../scripts/look.ts";
import { powerOfState } from "./power.ts";

/** Where the machine is now; an empty address while it is off, and until its guest has one. */
export async function endpointOf(machine: HyperVMachine, tools: Tools): Promise<Endpoint> {
  const { state, told, neighbours } = await ask(findAddresses, { machine: keyOf(machine) }, tools);
  const isOn = state !== null && powerOfState(state) === "running";
  const address = isOn ? [...told, ...neighbours].find(isUsable) : undefined;
  return { address: address ?? "", ...guestPorts };
}

/** IPv4, because containers' published ports are; addresses of RFC 3927 are of cards without DHCP. */
function isUsable(address: string): boolean {
  return isIPv4(address) && !address.startsWith("169.254.") && address !== "0.0.0.0";
}
