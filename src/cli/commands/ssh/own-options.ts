import { TsmachineError } from "../../../errors/tsmachine-error.ts";

/** What our own client does of ssh(1)'s options. */
export interface OwnOptions {
  /** "as-fits": for a login shell; "wanted": for a command too, where the user has one. */
  readonly terminal: "as-fits" | "wanted" | "forced" | "never";
  readonly input: "passed" | "none";
}

/**
 * Understands -t, -tt, -T and -n, and passes over what makes no difference here: -C and -q.
 * @throws TsmachineError INVALID_INPUT for all others.
 */
export function readOwnOptions(options: readonly string[]): OwnOptions {
  const unknown = options.filter((option) => !/^-[tTnCq]+$/.test(option));
  if (unknown.length > 0) throw optionsNeedOpenSsh(unknown);
  const letters = options.join("");
  return { terminal: terminalFor(letters), input: letters.includes("n") ? "none" : "passed" };
}

function terminalFor(letters: string): OwnOptions["terminal"] {
  if (letters.includes("T")) return "never";
  if (/t.*t/.test(letters)) return "forced";
  return letters.includes("t") ? "wanted" : "as-fits";
}

function optionsNeedOpenSsh(options: readonly string[]): TsmachineError {
  return new TsmachineError(
    "INVALID_INPUT",
    `options of ssh (${options.join(" ")}) need the OpenSSH client`,
    { hints: ["install the program ssh and leave out --native-ssh, or leave out the options"] },
  );
}
