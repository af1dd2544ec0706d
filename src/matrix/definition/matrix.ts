import type { EngineSelection, KernelSelection } from "../../core/images/selection.ts";
import type { Outcome } from "../report/outcome.ts";
import type { Axes } from "./axes.ts";

/** A matrix as it is run: every cell spelled out. */
export interface Matrix {
  readonly name: string;
  /** Kernels of the user's own, by the names that cells have for them. */
  readonly kernels: Readonly<Record<string, KernelSelection>>;
  /** Engines of the user's own, by the names that cells have for them. */
  readonly engines: Readonly<Record<string, EngineSelection>>;
  /** One for each combination of axes and each workload; the order is that of the results. */
  readonly cells: readonly Cell[];
}

/** One workload on one machine's worth of axes. */
export interface Cell {
  /** See cellId. */
  readonly id: string;
  readonly axes: Axes;
  readonly workload: Workload;
  /** Why it is expected to fail; absent where it is expected to pass. */
  readonly xfail?: string;
  /** How it is expected to fail; see withExpectation for what counts unless given. */
  readonly xfailOutcomes?: readonly Outcome[];
}

export interface Workload {
  readonly name: string;
  /** Paths of image archives that the engine loads before, as `docker load` takes them. */
  readonly load: readonly string[];
  /** What is copied into the machine before. */
  readonly copy: readonly { readonly from: string; readonly to: string }[];
  /** The program and its arguments; no shell is involved. */
  readonly command: readonly [string, ...string[]];
  /** "host": here, with DOCKER_HOST and the like set. "guest": in the machine, as root. */
  readonly runs: "host" | "guest";
  /** The host's folder to run in; that of the definition. */
  readonly directory: string;
  readonly timeoutMs: number;
  /** Added to the kernel's command line. */
  readonly kernelArguments: readonly string[];
  /** Lines of the kernel's complaints that are none, as regular expressions. */
  readonly allowedSplats: readonly string[];
}
