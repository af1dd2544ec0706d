import type { Control, Snapshot } from "../control.ts";
import type { SnapshotObject } from "../soap/api.ts";
import type { Client } from "../soap/connection.ts";
import { withLockedMachine } from "../soap/locked.ts";
import { completed } from "../soap/progress.ts";

export type SnapshotCommands = Pick<
  Control,
  "listSnapshots" | "takeSnapshot" | "restoreSnapshot" | "deleteSnapshot"
>;

export function snapshotCommands(client: Client): SnapshotCommands {
  return {
    async listSnapshots(uuid) {
      const machine = await client.virtualBox.findMachine(uuid);
      if (Number(await machine.getSnapshotCount()) === 0) return [];
      // The one without a name is the first of the tree.
      return treeOf(await machine.findSnapshot(""));
    },
    takeSnapshot: (uuid, label) =>
      withLockedMachine(client, uuid, "Shared", async ({ machine }) => {
        const { returnval } = await machine.takeSnapshot(label, "", true);
        await completed(returnval, "taking a snapshot", client);
      }),
    restoreSnapshot: (uuid, which) =>
      withLockedMachine(client, uuid, "Shared", async ({ machine }) => {
        const progress = await machine.restoreSnapshot(await machine.findSnapshot(which));
        await completed(progress, "restoring a snapshot", client);
      }),
    deleteSnapshot: (uuid, which) =>
      withLockedMachine(client, uuid, "Shared", async ({ machine }) => {
        await completed(await machine.deleteSnapshot(which), "removing a snapshot", client);
      }),
  };
}

/** A parent before its children. */
async function treeOf(snapshot: SnapshotObject): Promise<readonly Snapshot[]> {
  const own = { uuid: await snapshot.getId(), label: await snapshot.getName() };
  const below: Snapshot[] = [];
  for (const child of await snapshot.getChildren()) below.push(...(await treeOf(child)));
  return [own, ...below];
}
