import { TsmachineError } from "../errors/tsmachine-error.ts";

/** @param machine the machine's name */
export function snapshotExists(machine: string, label: string): TsmachineError {
  return new TsmachineError(
    "INVALID_INPUT",
    `machine "${machine}" has a snapshot "${label}" already`,
    { hints: ["choose another label, or remove that snapshot first"] },
  );
}

/** @param labels those of the snapshots that the machine has */
export function snapshotUnknown(
  machine: string,
  label: string,
  labels: readonly string[],
): TsmachineError {
  const known = labels.map((one) => `"${one}"`).join(", ");
  return new TsmachineError("INVALID_INPUT", `machine "${machine}" has no snapshot "${label}"`, {
    hints: [known === "" ? "take one first" : `choose one of: ${known}`],
  });
}
