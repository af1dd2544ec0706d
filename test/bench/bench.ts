import type { KvmWorld } from "../../src/providers/kvm/world.ts";
import type { Store } from "../../src/store/open-store.ts";
import type { Measurement } from "./measure/measurement.ts";
import type { Product } from "./product.ts";

/** What scenarios work with. */
export interface Bench {
  readonly product: Product;
  /** The same store that the product uses. */
  readonly store: Store;
  readonly world: KvmWorld;
  /** How often what boots or builds is run. */
  readonly runs: number;
  /** How often what takes milliseconds is run. */
  readonly quickRuns: number;
  readonly signal: AbortSignal;
  /** One line about what is measured just now. */
  report(line: string): void;
}

/** Things that are measured together, because they share what must be set up. */
export interface Scenario {
  /** As users give them to --only. */
  readonly names: readonly string[];
  /** Measures those of its names that are wanted; leaves no machine behind. */
  run(bench: Bench, wanted: ReadonlySet<string>): Promise<Measurement[]>;
}
