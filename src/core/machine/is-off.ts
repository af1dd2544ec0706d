import type { PowerState } from "../../providers/provider.ts";

/** Whether the instance is there and no guest runs on it. One that has crashed is still to be powered off. */
export function isOff(power: PowerState): boolean {
  return power === "stopped" || power === "crashed";
}
