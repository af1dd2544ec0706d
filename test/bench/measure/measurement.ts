import { spreadOf } from "./statistics.ts";

/** What one thing took, run by run. */
export interface Series {
  readonly seconds: readonly number[];
  /** Processor time of QEMU until the engine answered: what a busy host changes least. */
  readonly qemuCpuSeconds?: readonly number[];
}

export interface Measurement extends Series {
  /** What users type, or nearly. */
  readonly what: string;
  /** Most memory that the command's own process had resident, in MB (10^6 bytes); absent for what is timed in a guest. */
  readonly peakMB?: number;
  /** Most memory that its machines' processes had resident at once, in MB; beside the command's own. */
  readonly machinesPeakMB?: number;
  /** The least that it could take, measured in turns with it. */
  readonly floor?: Series & { readonly what: string };
  readonly aims: readonly Aim[];
  /** How many cells of a matrix were run in that time. */
  readonly cells?: number;
}

/** `ratio` is of the median to the floor's median. */
export interface Aim {
  readonly quantity: "seconds" | "peakMB" | "ratio";
  readonly atMost: number;
}

/** Undefined for what runs no cells. */
export function cellsPerMinute({ cells, seconds }: Measurement): number | undefined {
  return cells === undefined ? undefined : (cells * 60) / spreadOf(seconds).median;
}

/** Undefined without a floor. */
export function ratioOf({ seconds, floor }: Measurement): number | undefined {
  if (floor === undefined) return undefined;
  return spreadOf(seconds).median / spreadOf(floor.seconds).median;
}

export function isMet(measurement: Measurement, { quantity, atMost }: Aim): boolean {
  switch (quantity) {
    case "seconds":
      return spreadOf(measurement.seconds).median <= atMost;
    case "peakMB":
      return (measurement.peakMB ?? Number.POSITIVE_INFINITY) <= atMost;
    case "ratio":
      return (ratioOf(measurement) ?? Number.POSITIVE_INFINITY) <= atMost;
  }
}
