/** This host's memory, as its operating system counts it. */
export interface Memory {
  readonly totalMiB: number;
  /** What programs can still get, caches that would be given up included. */
  readonly availableMiB: number;
}

export async function readMemory(): Promise<Memory> {
  const { mem } = await import("systeminformation");
  const { total, available } = await mem();
  return { totalMiB: total / 2 ** 20, availableMiB: available / 2 ** 20 };
}
