import type { Snapshot, SnapshotCommands } from "../control.ts";
import { memoryMs, mergeMs } from "../patience.ts";
import { oldestFirst } from "../snapshot-tree.ts";
import type { SnapshotObject } from "../soap/api.ts";
import type { Client } from "../soap/connection.ts";
import { withLockedMachine } from "../soap/locked.ts";
import { completed } from "../soap/progress.ts";

export function snapshotCommands(client: Client): SnapshotCommands {
  return {
    async listSnapshots(uuid) {
      const machine = await client.virtualBox.findMachine(uuid);
      if (Number(await machine.getSnapshotCount()) === 0) return [];
      const current = await (await machine.getCurrentSnapshot())?.getId();
      // The one without a name is the first of the tree.
      const first = await machine.findSnapshot("");
      const times = new Map<string, number>();
      return oldestFirst(await treeOf(first, { parent: undefined, current, times }), times);
    },
    takeSnapshot: (uuid, label) =>
      withLockedMachine(client, uuid, "Shared", async ({ machine }) => {
        const { returnval } = await machine.takeSnapshot(label, "", true);
        await completed(returnval, "taking a snapshot", client, memoryMs);
      }),
    restoreSnapshot: (uuid, which) =>
      withLockedMachine(client, uuid, "Shared", async ({ machine }) => {
        const progress = await machine.restoreSnapshot(await machine.findSnapshot(which));
        await completed(progress, "restoring a snapshot", client, memoryMs);
      }),
    deleteSnapshot: (uuid, which) =>
      withLockedMachine(client, uuid, "Shared", async ({ machine }) => {
        const progress = await machine.deleteSnapshot(which);
        await completed(progress, "removing a snapshot", client, mergeMs);
      }),
  };
}

interface Walk {
  readonly parent: string | undefined;
  readonly current: string | undefined;
  /** Is given that of each. */
  readonly times: Map<string, number>;
}

/** A parent before its children. */
async function treeOf(
  snapshot: SnapshotObject,
  { parent, current, times }: Walk,
): Promise<readonly Snapshot[]> {
  const uuid = await snapshot.getId();
  times.set(uuid, Number(await snapshot.getTimeStamp()));
  const tree: Snapshot[] = [
    { uuid, label: await snapshot.getName(), parent, isCurrent: uuid === current },
  ];
  for (const child of await snapshot.getChildren()) {
    tree.push(...(await treeOf(child, { parent: uuid, current, times })));
  }
  return tree;
}
