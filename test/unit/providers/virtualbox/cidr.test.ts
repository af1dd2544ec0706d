import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  boundsOf,
  contains,
  formatCidr,
  maskOf,
  overlap,
  parseCidr,
  prefixLengthOf,
  toAddress,
  toNumber,
} from "../../../../src/providers/virtualbox/network/cidr.ts";

function network(text: string) {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`no network: ${text}`);
  return parsed;
}

test("an address and its network read as they are written", () => {
  expect(parseCidr("192.168.56.1/24")).toEqual({ address: "192.168.56.1", prefixLength: 24 });
});

test.each(["192.168.56.1", "192.168.56/24", "192.168.56.300/24", "1.2.3.4/33", "fe80::1/64", ""])(
  '"%s" is no network',
  (text) => {
    expect(parseCidr(text)).toBeUndefined();
  },
);

test("what is formatted is read again", () => {
  const networks = fc.record({
    address: fc.ipV4(),
    prefixLength: fc.integer({ min: 0, max: 32 }),
  });
  const isReadAgain = fc.property(networks, (one) => {
    expect(parseCidr(formatCidr(one))).toEqual(one);
  });
  void fc.assert(isReadAgain);
});

test("an address within a network lies between its bounds", () => {
  const lengths = fc.integer({ min: 0, max: 32 });
  const isBetween = fc.property(fc.ipV4(), lengths, (address, prefixLength) => {
    const [first, last] = boundsOf({ address, prefixLength });
    expect(first).toBeLessThanOrEqual(toNumber(address));
    expect(last).toBeGreaterThanOrEqual(toNumber(address));
    expect(last - first + 1).toBe(2 ** (32 - prefixLength));
    expect(toAddress(toNumber(address))).toBe(address);
  });
  void fc.assert(isBetween);
});

test.each([
  [24, "255.255.255.0"],
  [21, "255.255.248.0"],
  [32, "255.255.255.255"],
  [0, "0.0.0.0"],
])("the mask of /%i is %s", (length, mask) => {
  expect(maskOf(length)).toBe(mask);
  expect(prefixLengthOf(mask)).toBe(length);
});

test.each(["255.0.255.0", "0.0.0.255", "none"])('"%s" is no mask', (mask) => {
  expect(prefixLengthOf(mask)).toBeUndefined();
});

describe("192.168.56.0/21", () => {
  const outer = network("192.168.56.0/21");

  test.each([
    ["192.168.63.1/24", true, true],
    ["192.168.64.1/24", false, false],
    ["192.168.0.1/16", false, true],
  ])("and %s: contains it: %s, overlaps it: %s", (text, isWithin, isOverlapping) => {
    expect(contains(outer, network(text))).toBe(isWithin);
    expect(overlap(outer, network(text))).toBe(isOverlapping);
    expect(overlap(network(text), outer)).toBe(isOverlapping);
  });
});
