import { TsmachineError } from "../../errors/tsmachine-error.ts";

/**
 * Whole seconds, one at least, as milliseconds.
 * @param name the flag or variable that the text comes from
 * @throws TsmachineError INVALID_INPUT
 */
export function secondsToMs(text: string, name: string): number {
  if (/^[1-9][0-9]{0,5}$/.test(text)) return Number(text) * 1000;
  throw new TsmachineError("INVALID_INPUT", `${name} is "${text}", not a number of seconds`, {
    hints: [`give ${name} a whole number from 1 to 999999`],
  });
}
