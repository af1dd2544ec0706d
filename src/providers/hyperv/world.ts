import type { Architecture } from "../../host/architecture.ts";
import type { HostResources } from "../../host/resources.ts";
import type { Shell } from "./powershell/shell.ts";

/** What the provider knows of the host without asking Hyper-V. */
export interface HyperVWorld {
  readonly platform: NodeJS.Platform;
  readonly architecture: Architecture;
  readonly readResources: () => Promise<HostResources>;
  /** Runs what Hyper-V is asked by. */
  readonly shell: Shell;
  /** Where a machine's serial console can be listened to: a named pipe on Windows. */
  readonly consoleAddress: (tag: string) => string;
}

/** The name that Hyper-V is given for the pipe, and that listeners open. */
export function namedPipe(tag: string): string {
  return `\\\\.\\pipe\\${tag}`;
}
