import { TsmachineError } from "../../../src/errors/tsmachine-error.ts";
import type { Operation, Resizing } from "../../../src/providers/provider.ts";
import type { FakeRecord } from "./fake-record.ts";

/** Sizes that are numbers of the record. */
export function createFakeResizing(
  { name, ...record }: FakeRecord,
  begin: (operation: Operation) => void,
): Resizing {
  const { memoryMiB, cpuCount, diskSizeMiB } = record;
  return {
    sizes: { memoryMiB, cpuCount, diskSizeMiB },
    async resize(wanted, operation) {
      begin(operation);
      if ((wanted.diskSizeMiB ?? diskSizeMiB) < diskSizeMiB) {
        throw new TsmachineError("INVALID_INPUT", `the disk of machine "${name}" only grows`);
      }
      return { name, ...record, ...wanted };
    },
  };
}
