/** What this host has to share, as its operating system counts it. */
export interface HostResources {
  readonly totalMemoryMiB: number;
  /** What programs can still get, caches that would be given up included. */
  readonly availableMemoryMiB: number;
  /** Logical processors. */
  readonly cpuCount: number;
}

const mebibyte = 2 ** 20;

export async function readResources(): Promise<HostResources> {
  // Loaded here because only few commands ask.
  const { mem, cpu } = await import("systeminformation");
  const [{ total, available }, { cores }] = await Promise.all([mem(), cpu()]);
  return {
    totalMemoryMiB: total / mebibyte,
    availableMemoryMiB: available / mebibyte,
    cpuCount: cores,
  };
}

/** What this host is doing now. */
export interface HostLoad {
  /** Of all processors together, since the last time that this was asked; 0 to 100. */
  readonly processorPercent: number;
  readonly totalMemoryBytes: number;
  readonly availableMemoryBytes: number;
}

export async function readHostLoad(): Promise<HostLoad> {
  const { mem, currentLoad } = await import("systeminformation");
  const [{ total, available }, { currentLoad: processorPercent }] = await Promise.all([
    mem(),
    currentLoad(),
  ]);
  return { processorPercent, totalMemoryBytes: total, availableMemoryBytes: available };
}
