import { describe, expect, test } from "vitest";
import {
  admits,
  alternativesListSchema,
  formatRelation,
  relationSchema,
} from "../../../../src/iso/debian/packages/relations.ts";

describe("a field with relations", () => {
  const fields: [field: string, written: string[][]][] = [
    ["", []],
    ["libc6", [["libc6"]]],
    ["libc6 (>= 2.41), zlib1g(<<1:2~)", [["libc6 (>= 2.41)"], ["zlib1g (<< 1:2~)"]]],
    ["default-mta | mail-transport-agent", [["default-mta", "mail-transport-agent"]]],
    ["perl:any (>= 5), python3:amd64", [["perl (>= 5)"], ["python3"]]],
    ["libstdc++6,\n g++ (= 4:14.2.0-1)", [["libstdc++6"], ["g++ (= 4:14.2.0-1)"]]],
    ["a0, ", [["a0"]]],
  ];
  test.each(fields)("reads %j", (field, written) => {
    const alternatives = alternativesListSchema.parse(field);
    expect(alternatives.map((relations) => relations.map(formatRelation))).toEqual(written);
  });

  test.each([
    "foo bar",
    "foo (2.0)",
    "foo (> 2.0)",
    "foo (>= )",
    "Foo",
    "foo || bar",
    "foo [amd64]",
  ])("refuses %j", (field) => {
    expect(alternativesListSchema.safeParse(field).success).toBe(false);
  });
});

describe("admits", () => {
  const cases: [relation: string, version: string | undefined, admitted: boolean][] = [
    ["foo", "1.0", true],
    ["foo", undefined, true],
    ["foo (>= 1.0)", undefined, false],
    ["foo (>= 1.0)", "1.0", true],
    ["foo (>= 1.0)", "1.0~rc1", false],
    ["foo (>> 1.0)", "1.0", false],
    ["foo (>> 1.0)", "1.0-1", true],
    ["foo (= 1.0)", "0:1.0", true],
    ["foo (<= 1.0)", "1.0", true],
    ["foo (<< 1.0)", "1.0", false],
    ["foo (<< 1.0)", "1.0~", true],
  ];
  test.each(cases)("%s, version %s: %s", (relation, version, admitted) => {
    expect(admits(relationSchema.parse(relation), version)).toBe(admitted);
  });
});
