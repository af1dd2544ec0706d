import fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import type { Spool } from "../../../../src/iso/unpack/spool.ts";
import { parseTarPath } from "../../../../src/iso/unpack/tar-header.ts";
import { unpackTar } from "../../../../src/iso/unpack/unpack-tar.ts";
import { tarArchive } from "../../../support/archives/deb.ts";
import { withTarChecksum } from "../../../support/archives/tar-header.ts";

vi.setConfig({ testTimeout: 60_000 });

const maxEntries = 10;
let good: Buffer;
beforeAll(async () => {
  good = await tarArchive([
    [{ name: "./usr/bin/sudo", mode: 0o4755, uid: 1, pax: { comment: "first" } }, "program"],
    [{ name: "./usr", type: "directory" }],
    [{ name: "./link", type: "symlink", linkname: "usr" }],
    [{ name: "./hard", type: "link", linkname: "./usr/bin/sudo" }],
  ]);
});

/** Entries of the tree, or 0 when the archive was refused; anything else fails the test. */
async function entriesIn(tar: Buffer): Promise<number> {
  const stored = { bytes: 0 };
  const spool: Spool = {
    async append(chunks) {
      const offset = stored.bytes;
      for await (const chunk of chunks) stored.bytes += chunk.length;
      return { kind: "slice", path: "/spool", offset, size: stored.bytes - offset };
    },
    close: async () => {},
    discard: async () => {},
  };
  async function* chunks() {
    yield tar;
  }
  const { signal } = new AbortController();
  const options = { archive: "/some.deb", spool, keep: () => true, maxEntries, signal };
  try {
    const tree = await unpackTar(chunks(), options);
    expect(stored.bytes).toBeLessThanOrEqual(tar.length);
    expect(tree.size).toBeLessThanOrEqual(maxEntries);
    for (const path of tree.keys()) expect(parseTarPath("/some.deb", path)).toBe(path);
    return tree.size;
  } catch (error) {
    expect(error).toBeInstanceOf(TsmachineError);
    return 0;
  }
}

const noise = fc.uint8Array({ minLength: 1, maxLength: 12 });

describe("a tar ends in a tree or in a refusal", () => {
  test("whatever the bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        await entriesIn(Buffer.from(bytes));
      }),
    );
  });

  test("wherever it is damaged", async () => {
    const damage = fc.tuple(fc.nat(4000), noise);
    await fc.assert(
      fc.asyncProperty(damage, async ([position, bytes]) => {
        const tar = Buffer.from(good);
        tar.set(bytes, position % (tar.length - bytes.length));
        await entriesIn(tar);
      }),
      { numRuns: 300 },
    );
  });

  // A wrong checksum ends the reading early; a right one lets every other field be tried.
  test("whatever its headers say, with a right checksum", async () => {
    const change = fc.record({
      block: fc.nat(),
      changes: fc.array(fc.tuple(fc.nat(511), noise), { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (blocks) => {
        const tar = Buffer.from(good);
        for (const { block, changes } of blocks) {
          const start = (block % (tar.length / 512)) * 512;
          const header = tar.subarray(start, start + 512);
          for (const [at, bytes] of changes) header.set(bytes.subarray(0, 512 - at), at);
          header.set(withTarChecksum(header));
        }
        await entriesIn(tar);
      }),
      { numRuns: 2000 },
    );
  });

  test("with every type and size", async () => {
    const sizes = fc.oneof(
      fc.uint8Array({ minLength: 12, maxLength: 12 }),
      fc.stringMatching(/^[0-7 ]{0,11}$/).map((text) => Buffer.from(text.padEnd(12, "\0"))),
    );
    const header = fc.tuple(fc.nat(255), sizes, fc.nat());
    await fc.assert(
      fc.asyncProperty(fc.array(header, { minLength: 1, maxLength: 3 }), async (headers) => {
        const tar = Buffer.from(good);
        for (const [type, size, block] of headers) {
          const start = (block % (tar.length / 512)) * 512;
          const bytes = tar.subarray(start, start + 512);
          bytes.set(size, 124);
          bytes.set([type], 156);
          bytes.set(withTarChecksum(bytes));
        }
        await entriesIn(tar);
      }),
      { numRuns: 2000 },
    );
  });

  test("and the undamaged one in all its entries", async () => {
    expect(await entriesIn(good)).toBe(4);
  });
});

test("a path that is let through leads nowhere but down", () => {
  const part = fc.oneof(fc.constantFrom("..", ".", "", "a", "\0", "\n", "..."), fc.string());
  const path = fc.array(part, { maxLength: 8 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(path, (name) => {
      try {
        const parsed = parseTarPath("/some.deb", name);
        expect(parsed.split("/")).not.toContain("..");
        expect(parsed).not.toMatch(/^\/|\/$|\/\/|\p{Cc}/u);
      } catch (error) {
        expect(error).toBeInstanceOf(TsmachineError);
      }
    }),
    { numRuns: 1000 },
  );
});
