import { storageDriverFor, whyImpossible } from "../../core/engine/storage-driver.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Cell, Matrix } from "../definition/matrix.ts";

/**
 * Refuses storage drivers that the machines' engines cannot have, or would get another one for, which would be under a
 * wrong name in the report. Of engines of the user's own only the former is known.
 * @throws TsmachineError INVALID_INPUT, in the words of the axis
 */
export function requireDrivers(cells: readonly Cell[], { engines }: Pick<Matrix, "engines">): void {
  for (const { id, axes } of cells) {
    const { storageDriver: driver, engine } = axes;
    if (driver === undefined) continue;
    const isOwn = engines[engine] !== undefined;
    const reason = whyImpossible(driver) ?? (isOwn ? undefined : whyAnother(driver, engine));
    if (reason === undefined) continue;
    throw new TsmachineError(
      "INVALID_INPUT",
      `storage-driver "${driver}" of cell ${id} is refused: ${reason}`,
      {
        hints: [
          `leave ${driver} out of storage-driver in the definition, or of --storage-driver; overlay2 and vfs can be had`,
        ],
        context: { cell: id },
      },
    );
  }
}

function whyAnother(driver: string, engine: string): string | undefined {
  const given = storageDriverFor(driver, engine);
  return given === driver ? undefined : `engine ${engine} has ${given} in its place`;
}
