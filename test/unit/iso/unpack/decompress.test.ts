import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { type Compression, decompress } from "../../../../src/iso/unpack/decompress.ts";

const xzHello = Buffer.from(
  "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQANaGVsbG8gZnJvbSB4egoAAABb+Ybd5id65gABJg4IG+AEH7bzfQEAAAAABFla",
  "base64",
);
const hello = "hello from xz\n";
const maxBytes = 1000;

async function* chunksOf(bytes: Uint8Array, chunkSize = 7) {
  for (let position = 0; position < bytes.length; position += chunkSize) {
    yield bytes.subarray(position, position + chunkSize);
  }
}

async function unpack(
  compressed: AsyncIterable<Uint8Array>,
  compression: Compression,
  limit = maxBytes,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  const options = { compression, maxBytes: limit, path: "/some/file" };
  for await (const chunk of decompress(compressed, options)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const samples = [
  ["xz", xzHello],
  ["gzip", gzipSync(hello)],
  ["none", Buffer.from(hello)],
] as const;

test.each(samples)(
  "%s data is unpacked however it is cut into chunks",
  async (compression, bytes) => {
    for (const chunkSize of [1, 7, 1000]) {
      expect(await unpack(chunksOf(bytes, chunkSize), compression)).toBe(hello);
    }
  },
);

describe.each([samples[0], samples[1]])("%s data", (compression, bytes) => {
  test("that is cut short is refused, wherever it is cut", async () => {
    for (const length of [0, 1, 10, bytes.length - 9, bytes.length - 1]) {
      await expect(unpack(chunksOf(bytes.subarray(0, length)), compression)).rejects.toMatchObject({
        code: "ARCHIVE_INVALID",
        message: `/some/file cannot be unpacked: its ${compression} data is damaged or cut short`,
      });
    }
  });

  test("never fails in another way, whatever the bytes", async () => {
    const noise = fc.record({
      position: fc.nat(bytes.length - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(noise, async (change) => {
        const noisy = Buffer.from(bytes);
        noisy.set(change.bytes.subarray(0, bytes.length - change.position), change.position);
        const result = await unpack(chunksOf(noisy), compression).catch((error) => error);
        if (typeof result !== "string") expect(result).toBeInstanceOf(TsmachineError);
      }),
    );
  });
});

test.each(samples)("%s data is given up once it holds too much", async (compression, bytes) => {
  await expect(unpack(chunksOf(bytes), compression, hello.length - 1)).rejects.toMatchObject({
    code: "ARCHIVE_INVALID",
    message: `/some/file cannot be unpacked: it holds more than ${hello.length - 1} bytes`,
  });
});

test.each(samples)(
  "a failing source of %s data is told apart from damage",
  async (compression, bytes) => {
    const failure = new Error("the disk is on fire");
    async function* source() {
      yield bytes.subarray(0, 12);
      throw failure;
    }
    await expect(unpack(source(), compression)).rejects.toBe(failure);
  },
);

test.each(samples)(
  "leaving %s data half-read closes its source and stops nobody else",
  async (compression, bytes) => {
    let isClosed = false;
    async function* source() {
      try {
        yield* chunksOf(bytes);
        yield* chunksOf(bytes);
      } finally {
        isClosed = true;
      }
    }
    for await (const _ of decompress(source(), { compression, maxBytes, path: "/some/file" }))
      break;
    expect(isClosed).toBe(true);
    expect(await unpack(chunksOf(bytes), compression)).toBe(hello);
  },
);

test("many streams at once do not mix", async () => {
  const all = Array.from({ length: 10 }, () => unpack(chunksOf(xzHello), "xz"));
  expect(await Promise.all(all)).toEqual(Array.from({ length: 10 }, () => hello));
});
