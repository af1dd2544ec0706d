import { join } from "node:path";
import type { Operation, Portable } from "../../../src/providers/provider.ts";
import type { FakeRecord } from "./fake-record.ts";

/** The disk is a file of the test's own, if it makes one: nothing here reads it. */
export function createFakePortable(
  record: FakeRecord,
  {
    directory,
    begin,
    switchOff,
  }: {
    /** The machine's. */
    readonly directory: string;
    /** Called before the disk is written. */
    readonly begin: (operation: Operation) => void;
    /** Called when it was. */
    readonly switchOff: () => void;
  },
): Portable {
  const disk = join(directory, "data.raw");
  return {
    disk,
    async createWith(write, operation) {
      begin(operation);
      await write(disk);
      switchOff();
      return record;
    },
  };
}
