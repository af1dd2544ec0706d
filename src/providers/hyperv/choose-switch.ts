import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { refusedOption } from "../parse-options.ts";
import { makeSwitch } from "./preflight/remedies.ts";
import { defaultSwitchId, type VirtualSwitch } from "./scripts/switches.ts";

/**
 * The switch that is wanted, by name or id; else an external one, whose addresses last, else the Default
 * Switch.
 * @throws TsmachineError INVALID_INPUT
 */
export function chooseSwitch(
  wanted: string | undefined,
  switches: readonly VirtualSwitch[],
): VirtualSwitch {
  const names = switches.map(({ name }) => `"${name}"`).join(", ");
  if (wanted !== undefined) {
    const fitting = switches.filter(
      ({ id, name }) => name === wanted || id.toLowerCase() === wanted.toLowerCase(),
    );
    const [found, other] = fitting;
    if (found === undefined) {
      throw refusedOption(
        "hyperv",
        "virtual-switch",
        `there is no "${wanted}"; there are: ${names || "none"}`,
      );
    }
    if (other !== undefined) {
      const ids = fitting.map(({ id }) => id).join(", ");
      throw refusedOption(
        "hyperv",
        "virtual-switch",
        `several are named "${wanted}": give one's id (${ids})`,
      );
    }
    return found;
  }
  const chosen =
    switches.find(({ type }) => type === "External") ??
    switches.find(({ id }) => id.toLowerCase() === defaultSwitchId);
  if (chosen !== undefined) return chosen;
  throw new TsmachineError(
    "INVALID_INPUT",
    "Hyper-V has neither an external switch nor the Default Switch on this host",
    {
      hints: [names === "" ? makeSwitch : `name one of ${names} with --hyperv-virtual-switch`],
    },
  );
}
