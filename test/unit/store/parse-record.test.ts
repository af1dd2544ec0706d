import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TsmachineError } from "../../../src/errors/tsmachine-error.ts";
import type { VersionedRecord } from "../../../src/store/migrations.ts";
import { parseRecord } from "../../../src/store/parse-record.ts";
import { machineRecord } from "../../support/machines/machine-record.ts";

const source = { name: "dev", path: "/store/machines/dev/machine.json" };
const record = machineRecord();
const text = JSON.stringify(record);

function parsedOrRefused(text: string): void {
  try {
    expect(parseRecord(text, source).name).toBe("dev");
  } catch (error) {
    expect(error).toBeInstanceOf(TsmachineError);
    expect(error).toMatchObject({ code: expect.stringMatching(/^RECORD_(INVALID|NEWER)$/) });
  }
}

test("a record is read or refused, whatever the text", () => {
  const damaged = fc
    .tuple(fc.nat(text.length), fc.nat(30), fc.string({ maxLength: 10 }))
    .map(([start, size, piece]) => text.slice(0, start) + piece + text.slice(start + size));
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), damaged), parsedOrRefused), {
    numRuns: 1000,
  });
});

test("a record is read or refused, whatever its fields hold", () => {
  const changes = fc.dictionary(
    fc.constantFrom("__proto__", ...Object.keys(record)),
    fc.jsonValue(),
    { maxKeys: 3 },
  );
  fc.assert(
    fc.property(changes, (fields) => parsedOrRefused(JSON.stringify({ ...record, ...fields }))),
    { numRuns: 1000 },
  );
});

test.each([
  ["deeper than any stack", "[".repeat(1_000_000)],
  ["a version that is no number", text.replace('"schemaVersion":1', '"schemaVersion":1e999')],
])("a record with %s is refused", (_, damaged) => {
  expect(() => parseRecord(damaged, source)).toThrow(
    expect.objectContaining({ code: "RECORD_INVALID" }),
  );
});

describe("a record of an older program", () => {
  const { tlsSans: names, ...others } = record;
  const older = JSON.stringify({ ...others, schemaVersion: 0, names, colour: "red" });

  test("is read as it would be written today, with what this program does not know", () => {
    const steps = { 0: ({ names: tlsSans, ...rest }: VersionedRecord) => ({ ...rest, tlsSans }) };
    expect(parseRecord(older, source, steps)).toEqual({ ...record, colour: "red" });
  });

  test("is refused when no program has written that version", () => {
    expect(() => parseRecord(older, source)).toThrow(
      expect.objectContaining({
        code: "RECORD_INVALID",
        message: expect.stringContaining("schemaVersion: no program has written version 0"),
      }),
    );
  });
});
