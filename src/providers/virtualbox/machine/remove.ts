import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Operation } from "../../provider.ts";
import type { KeptAdapter } from "../network/adapter.ts";
import { releaseAddress } from "../network/claim-address.ts";
import { pathOf, type VirtualBoxMachine } from "../record.ts";
import { findMachine, findSettingsFile } from "./find.ts";
import { forgetImages, imagesIn, imagesOf } from "./media.ts";
import { isOfAnotherStore } from "./own.ts";
import { powerOffInstance } from "./stop.ts";
import type { Tools } from "./tools.ts";

/**
 * Removes the machine from VirtualBox with all its files, and from the network what nobody else uses. What
 * VirtualBox and the network have of another store's machine, of which this one is a copy, stays.
 */
export async function removeInstance(
  machine: VirtualBoxMachine,
  { tools, operation }: { readonly tools: Tools; readonly operation: Pick<Operation, "report"> },
): Promise<void> {
  const found = await findMachine(machine, tools);
  if (found !== undefined && (await isOfAnotherStore(machine, found))) {
    operation.report(
      `VirtualBox has it in another folder too, where it stays: ${found.settingsFile}`,
    );
    await removeFiles(machine);
    return;
  }
  await powerOffInstance(machine, tools);
  const view = await findMachine(machine, tools);
  if (view !== undefined) await tools.control.deleteMachine(machine.uuid);
  // Also of one that is not registered: somebody else has removed it, or a command that was killed.
  const shown = view === undefined ? [] : imagesIn(view);
  await forgetImages([...shown, ...imagesOf(machine)], tools);
  await removeFiles(machine);
  const kept = await releaseAddress(machine, tools);
  if (kept !== undefined) operation.report(keptBy(kept));
}

function keptBy({ name, uuid }: KeptAdapter): string {
  return `host-only adapter ${name} stays: VirtualBox cannot read machine ${uuid}, which may be on it; mend that one, or run \`VBoxManage unregistervm ${uuid}\``;
}

async function removeFiles(machine: VirtualBoxMachine): Promise<void> {
  // What VirtualBox leaves of a machine that it cannot read, or does not know any more.
  const settingsFile = await findSettingsFile(machine);
  if (settingsFile !== undefined) await rm(dirname(settingsFile), { recursive: true, force: true });
  await Promise.all(
    (["consoleLog", "previousConsoleLog"] as const).map((name) =>
      rm(pathOf(machine, name), { force: true }),
    ),
  );
}
