import { expect, test } from "vitest";
import {
  ascii,
  asciiField,
  paddingAfter,
  roundUp,
  uint8,
  uint16be,
  uint16le,
  uint32be,
  uint32le,
} from "../../../src/bytes/integers.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test.each([
  ["uint8", uint8, 0xab, "ab"],
  ["uint16le", uint16le, 0x1234, "3412"],
  ["uint16be", uint16be, 0x1234, "1234"],
  ["uint32le", uint32le, 0x12345678, "78563412"],
  ["uint32be", uint32be, 0xfedcba98, "fedcba98"],
] as const)("%s writes its bytes in its order", (_, encode, value, expected) => {
  expect(hex(encode(value))).toBe(expected);
});

test.each([
  ["uint8", uint8, 0x100],
  ["uint16le", uint16le, 0x10000],
  ["uint16be", uint16be, -1],
  ["uint32le", uint32le, 2 ** 32],
  ["uint32be", uint32be, 1.5],
  ["uint32be", uint32be, Number.NaN],
] as const)("%s refuses a number that does not fit", (_, encode, value) => {
  expect(() => encode(value)).toThrow(RangeError);
});

test("text becomes bytes only when it is ASCII", () => {
  expect(hex(ascii("CD001"))).toBe("4344303031");
  expect(() => ascii("é")).toThrow(RangeError);
  expect(() => ascii("→")).toThrow(RangeError);
});

test("a text field is filled up, and refuses what is too long for it", () => {
  expect(hex(asciiField("ab", 4))).toBe("61622020");
  expect(hex(asciiField("ab", 4, "\0"))).toBe("61620000");
  expect(() => asciiField("abcde", 4)).toThrow(RangeError);
});

test.each([
  [0, 0, 0],
  [1, 2048, 2047],
  [2048, 2048, 0],
  [2049, 4096, 2047],
])("%i bytes take %i in whole sectors, of which %i are padding", (size, rounded, padding) => {
  expect(roundUp(size, 2048)).toBe(rounded);
  expect(paddingAfter(size, 2048)).toBe(padding);
});
