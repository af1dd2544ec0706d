import type { Context } from "../context.ts";
import type { OpenMachine } from "./open-machine.ts";

/** A boot says less; what is older is of no interest. */
const consoleLines = 400;

/** As templates/guest/root/usr/lib/tsmachine/folders says it. */
const complaint = /tsmachine: (the folder .+ could not be mounted: .+)$/;

/** Warns of shared folders that the guest could not mount, which is no reason to be without the machine. */
export async function tellMissingFolders(
  context: Context,
  { record, instance }: OpenMachine,
): Promise<void> {
  if ((instance.guest?.folders ?? []).length === 0) return;
  const lines = await instance.consoleTail(consoleLines);
  for (const line of lines) {
    const [, problem] = complaint.exec(line) ?? [];
    if (problem === undefined) continue;
    context.warn(
      `${problem} (machine "${record.name}"); where its kernel lacks the driver, install virtiofsd and restart it, or create it with one that has it, such as \`--kernel 6.12-full\``,
    );
  }
}
