import type { Instance } from "../../../src/providers/provider.ts";
import type { FakeRecord } from "./fake-record.ts";

/** Folders that are entries of the record; no guest mounts them. */
export function createFakeSharing(record: FakeRecord): Pick<Instance, "sharing" | "guest"> {
  const { folders } = record;
  return {
    sharing: {
      folders,
      share: async (others) => ({ ...record, folders: others.map((folder) => ({ ...folder })) }),
    },
    guest: {
      addresses: [],
      folders: folders.map(({ mountPoint, isReadOnly }, index) => ({
        ...{ type: "virtio", tag: `folder${index}`, mountPoint, isReadOnly },
      })),
    },
  };
}
