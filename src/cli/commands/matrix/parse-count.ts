import { InvalidArgumentError } from "commander";

/** A whole number from 1 on, as the value of that flag. */
export function parseCount(text: string, flag: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`${flag} takes a whole number from 1 to 9999.`);
}
