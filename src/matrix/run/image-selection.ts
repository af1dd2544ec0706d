import type { ImageSelection } from "../../core/images/selection.ts";
import type { Architecture } from "../../host/architecture.ts";
import type { Axes } from "../definition/axes.ts";
import type { Matrix } from "../definition/matrix.ts";

/** What of a matrix says which images its cells have. */
export interface ImageNames extends Pick<Matrix, "kernels" | "engines"> {
  /** The host's: of cells whose axes name none. */
  readonly architecture: Architecture;
}

/** The images of a cell: the matrix's own where it has them by these names, else Debian's. */
export function imagesOf(
  axes: Axes,
  { kernels, engines, architecture }: ImageNames,
): ImageSelection {
  return {
    architecture: axes.architecture ?? architecture,
    kernel: kernels[axes.kernel] ?? { kind: "choice", text: axes.kernel },
    engine: engines[axes.engine] ?? { kind: "choice", text: axes.engine },
  };
}
