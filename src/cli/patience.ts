import { TsmachineError } from "../errors/tsmachine-error.ts";
import type { ProcessParts } from "./cli.ts";

/**
 * By how much limits are multiplied on a host that is slow itself, such as an emulated one: TSMACHINE_PATIENCE.
 * @throws TsmachineError INVALID_INPUT
 */
export function patienceFrom({ TSMACHINE_PATIENCE: text }: ProcessParts["environment"]): number {
  if (!text) return 1;
  const factor = Number(text);
  if (factor >= 1 && factor <= 100) return factor;
  throw new TsmachineError(
    "INVALID_INPUT",
    `TSMACHINE_PATIENCE is "${text}", not a number from 1 to 100`,
    {
      hints: ["set it to a factor such as 5, or unset it"],
    },
  );
}
