import { expect, test } from "vitest";
import { parseKvmRecord } from "../../../../src/providers/kvm/record.ts";
import { sampleMachine, sampleRecord } from "./sample-record.ts";

test("a record read back from JSON is the same record", () => {
  expect(parseKvmRecord(JSON.parse(JSON.stringify(sampleRecord)))).toEqual(sampleRecord);
});

test("a record of version 1, which held paths of the store, is understood without them", () => {
  const { directory, images, ...record } = sampleMachine;
  expect(parseKvmRecord({ ...record, version: 1, directory, images })).toEqual(sampleRecord);
});

test.each([
  { damage: "no record at all", input: null },
  { damage: "a later version", input: { ...sampleRecord, version: 3 } },
  {
    damage: "a port that cannot be",
    input: { ...sampleRecord, ports: { ssh: 0, docker: 1, qmp: null } },
  },
  { damage: "no UUID", input: { ...sampleRecord, uuid: "default" } },
])("a record with $damage is refused", ({ input }) => {
  expect(() => parseKvmRecord(input)).toThrow(expect.objectContaining({ code: "RECORD_INVALID" }));
});
