import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { FlagSpec } from "./flag-specs.ts";

/**
 * The value a flag or variable gives: commander hands over true for a boolean flag, a list for a
 * repeated one and text else; a variable is always text, where a list is separated by commas.
 * @throws TsmachineError INVALID_INPUT naming the flag or variable.
 */
export function readFlagValue(
  raw: unknown,
  { name, kind }: { readonly name: string; readonly kind: FlagSpec["kind"] },
): unknown {
  if (typeof raw !== "string") return raw;
  switch (kind) {
    case "number":
      return readNumber(raw, name);
    case "boolean":
      return readBoolean(raw, name);
    case "list":
      return raw.split(",").map((entry) => entry.trim());
    case "string":
      return raw;
  }
}

/** Whether a variable of docker-machine's, which any text switches on, is neither empty nor false. */
export function isSwitchedOn(text: string | undefined): boolean {
  return text !== undefined && text !== "" && !falseWord.test(text);
}

/** Of the words that docker-machine, through Go's strconv.ParseBool, takes. */
export function booleanOf(text: string): boolean | undefined {
  if (/^(1|t|true)$/i.test(text)) return true;
  return falseWord.test(text) ? false : undefined;
}

/** For commander: the values of a flag that may be given several times. */
export function collect(value: string, former: readonly string[] = []): readonly string[] {
  return [...former, value];
}

const falseWord = /^(0|f|false)$/i;

function readNumber(text: string, name: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  throw new TsmachineError("INVALID_INPUT", `value "${text}" of ${name} is not a number`, {
    hints: [`give ${name} digits alone, without a unit`],
  });
}

function readBoolean(text: string, name: string): boolean {
  const value = booleanOf(text);
  if (value !== undefined) return value;
  throw new TsmachineError(
    "INVALID_INPUT",
    `value "${text}" of ${name} is neither true nor false`,
    {
      hints: [`set ${name} to true or false`],
    },
  );
}
