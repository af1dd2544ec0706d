import { freeLoopbackPorts } from "../../host/ports.ts";
import type { KvmRecord } from "./record.ts";

export type Ports = KvmRecord["ports"];

/** Free ports of 127.0.0.1; one more on Windows, where Node cannot open QEMU's socket files. */
export async function choosePorts(platform: NodeJS.Platform): Promise<Ports> {
  const isQmpPortNeeded = platform === "win32";
  const [ssh, docker, qmp = null] = await freeLoopbackPorts(isQmpPortNeeded ? 3 : 2);
  if (ssh === undefined || docker === undefined) throw new Error("fewer ports than asked for");
  return { ssh, docker, qmp };
}
