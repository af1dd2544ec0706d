import type { Series } from "./measurement.ts";

/** One boot until the engine answered. */
export interface Boot {
  readonly seconds: number;
  readonly qemuCpuSeconds: number | undefined;
}

export function bootSeries(boots: readonly Boot[]): Series {
  const cpu = boots.flatMap(({ qemuCpuSeconds }) => qemuCpuSeconds ?? []);
  const seconds = boots.map((boot) => boot.seconds);
  return cpu.length === boots.length ? { seconds, qemuCpuSeconds: cpu } : { seconds };
}
