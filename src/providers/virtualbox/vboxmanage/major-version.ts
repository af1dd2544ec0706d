import type { VBoxManage } from "./call.ts";

/** Of VirtualBox: 7 of "7.2.22r174505". */
export async function majorVersion({ call }: VBoxManage): Promise<number> {
  return Number.parseInt(await call(["--version"]), 10);
}
