import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { installRemedy } from "../preflight/remedies.ts";
import type { VirtualBoxWorld } from "../world.ts";
import { findVBoxManage } from "./find-vboxmanage.ts";

/** @throws TsmachineError PROGRAM_MISSING */
export async function requireVBoxManage(world: VirtualBoxWorld): Promise<string> {
  const program = await findVBoxManage(world);
  if (program !== undefined) return program;
  throw new TsmachineError("PROGRAM_MISSING", "VirtualBox is not installed", {
    hints: [await installRemedy(world)],
  });
}
