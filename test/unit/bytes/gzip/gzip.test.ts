import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gzip } from "../../../../src/bytes/gzip/gzip.ts";

const header = "1f8b08000000000000ff";

describe("gzip", () => {
  test.each([
    { what: "nothing", bytes: "", packed: "03000000000000000000" },
    { what: "a byte", bytes: "a", packed: "4b040043beb7e801000000" },
    { what: "a run", bytes: "aaaaaaaaaa", packed: "4b840300f0cd114c0a000000" },
  ])("of $what is these bytes", ({ bytes, packed }) => {
    expect(Buffer.from(gzip(Buffer.from(bytes))).toString("hex")).toBe(`${header}${packed}`);
  });

  test("is unpacked by zlib to the same bytes", () => {
    // Few different bytes, so that there are matches of all lengths and distances.
    const repetitive = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3000, size: "max" });
    const anything = fc.uint8Array({ maxLength: 3000, size: "max" });
    fc.assert(
      fc.property(fc.oneof(repetitive, anything), (values) => {
        const bytes = Buffer.from(values);
        expect(gunzipSync(gzip(bytes))).toEqual(bytes);
      }),
    );
  });

  test("finds what is as far back as can be, and not what is farther", () => {
    const piece = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 7919) % 251));
    const sizeWithGap = (gap: number) => {
      const bytes = Buffer.concat([piece, Buffer.alloc(gap), piece]);
      const packed = gzip(bytes);
      expect(gunzipSync(packed)).toEqual(bytes);
      return packed.length;
    };
    const farthest = 32_768 - piece.length;
    expect(sizeWithGap(farthest + 300)).toBeGreaterThan(sizeWithGap(farthest) + 200);
  });
});
