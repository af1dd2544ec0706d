import { unknownVersion } from "../../iso/images/engine/engine-version.ts";
import type { Axes } from "../definition/axes.ts";
import type { Matrix } from "../definition/matrix.ts";

/** What is in a machine by way of kernel and engine. */
export interface Versions {
  /** What `uname -r` prints. */
  readonly kernelRelease: string;
  /** "26.1.5", or with what a distribution adds: "26.1.5+dfsg1". */
  readonly engineVersion: string;
}

export interface Labels extends Pick<Matrix, "kernels" | "engines"> {
  /** How the cell is called. */
  readonly axes: Pick<Axes, "kernel" | "engine">;
  /** What the images hold that were made for the cell; undefined where nobody knows. */
  readonly built: Versions | undefined;
}

/**
 * Why a machine is not the one that its cell's labels promise, in one line that names both; undefined for one that is.
 * A result under a wrong label would be worse than none. Names that the user has given say nothing of versions.
 */
export function findMislabelling(
  { kernelRelease, engineVersion }: Versions,
  { axes, kernels, engines, built }: Labels,
): string | undefined {
  if (built !== undefined && kernelRelease !== built.kernelRelease) {
    return `the machine runs kernel ${kernelRelease}, but its image has kernel ${built.kernelRelease}`;
  }
  if (kernels[axes.kernel] === undefined && seriesOf(kernelRelease) !== seriesOf(axes.kernel)) {
    return `the machine runs kernel ${kernelRelease}, but its cell is of kernel ${axes.kernel}`;
  }
  const ofImage = built?.engineVersion ?? unknownVersion;
  if (ofImage !== unknownVersion && !isVersionOf(engineVersion, ofImage)) {
    return `the machine runs engine ${engineVersion}, but its image has engine ${ofImage}`;
  }
  if (engines[axes.engine] === undefined && !isVersionOf(engineVersion, axes.engine)) {
    return `the machine runs engine ${engineVersion}, but its cell is of engine ${axes.engine}`;
  }
  return undefined;
}

/** "6.12" of "6.12-full", "6.12.107" and "6.12.107+deb13-amd64". */
function seriesOf(kernel: string): string | undefined {
  return /^\d+\.\d+/.exec(kernel)?.[0];
}

/** Whether the one is the other, more precisely: "26.1.5+dfsg1" of "26.1.5" and "26.1", and not of "26.1.50". */
function isVersionOf(precise: string, version: string): boolean {
  return precise.startsWith(version) && !/^\d/.test(precise.slice(version.length));
}
