import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readContent } from "../../../../../src/bytes/content.ts";
import { packKernel } from "../../../../../src/iso/images/boot/pack-kernel.ts";

/** A header with this magic number, and code that repeats itself. */
function kernel(magic: string) {
  const bytes = Buffer.alloc(10_000);
  bytes.write(magic, 0x38, "latin1");
  return { kind: "bytes", bytes } as const;
}

test("a kernel that does not unpack itself is compressed", async () => {
  const image = kernel("ARMd");
  const packed = await readContent(await packKernel(image));
  expect(packed.length).toBeLessThan(1000);
  expect(gunzipSync(packed)).toEqual(image.bytes);
});

test.each([
  ["of amd64", kernel("")],
  ["that is compressed already", { kind: "bytes", bytes: Buffer.from([0x1f, 0x8b, 8]) } as const],
])("a kernel %s stays as it is", async (_, image) => {
  expect(await packKernel(image)).toBe(image);
});
