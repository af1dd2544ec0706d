import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HyperVWorld } from "../../../src/providers/hyperv/world.ts";
import type { Simulator } from "./simulator.ts";

/** A Windows host whose Hyper-V is the simulator; consoles are sockets where there are no named pipes. */
export function simulatedWorld({ shell }: Pick<Simulator, "shell">): HyperVWorld {
  return {
    platform: "win32",
    architecture: "amd64",
    readResources: async () => ({ totalMemoryMiB: 16_384, availableMemoryMiB: 8192, cpuCount: 8 }),
    shell,
    consoleAddress: (tag) => join(tmpdir(), `${tag}.sock`),
  };
}
