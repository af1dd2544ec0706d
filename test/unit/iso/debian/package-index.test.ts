import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPackageIndex } from "../../../../src/iso/debian/packages/package-index.ts";
import { locked, packagesFile } from "../../../support/debian/repository.ts";

const old = { name: "engine", version: "1.9" };
const current = {
  name: "engine",
  version: "1.10",
  fields: {
    Depends: "runner",
    "Pre-Depends": "libc6 (>= 2) | musl",
    Provides: "moby (= 1.10), oci",
  },
};
const other = { name: "another", fields: { Provides: "oci, oci" } };
const text = packagesFile([old, current, other]);

async function* inPiecesOf(size: number, content = text) {
  const bytes = Buffer.from(content);
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size);
  }
}

const read = (content = text) => readPackageIndex("trixie amd64", inPiecesOf(1000, content));

describe("a package index", () => {
  test("gives every version of a package, newest first", async () => {
    const index = await read();
    expect(index.versionsOf("engine").map((found) => found.locked)).toEqual([
      locked(current),
      locked(old),
    ]);
    expect(index.versionsOf("oci")).toEqual([]);
    expect([...index.names()]).toEqual(["engine", "another"]);
  });

  test("gives what a package needs and provides", async () => {
    const [found] = (await read()).versionsOf("engine");
    expect(found?.requirements).toEqual([
      [{ name: "libc6", constraint: { operator: ">=", version: "2" } }, { name: "musl" }],
      [{ name: "runner" }],
    ]);
    expect(found?.provisions).toEqual([
      { name: "moby", constraint: { operator: "=", version: "1.10" } },
      { name: "oci" },
    ]);
  });

  test("finds the packages that provide a name, in order of their own names", async () => {
    const index = await read();
    expect(index.providersOf("oci").map(({ locked }) => locked.name)).toEqual([
      "another",
      "engine",
    ]);
    expect(index.providersOf("moby").map(({ locked }) => locked.name)).toEqual(["engine"]);
    expect(index.providersOf("engine")).toEqual([]);
  });

  test("does not depend on how the bytes are cut", async () => {
    const whole = await read();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), async (size) => {
        const cut = await readPackageIndex("trixie amd64", inPiecesOf(size));
        for (const name of ["engine", "another"]) {
          expect(cut.versionsOf(name)).toEqual(whole.versionsOf(name));
        }
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    ["leads out of the mirror", "Filename: pool/", "Filename: pool/../../"],
    ["has no hash", "SHA256:", "SHA1:"],
    ["has a hash of another length", "SHA256: ", "SHA256: 00"],
    ["has no size", /Size: \d+/g, "Size: big"],
    ["has relations that nobody can read", "Depends: runner", "Depends: runner runner"],
  ])("refuses an entry that %s when it is asked for", async (_, found, replacement) => {
    const index = await read(text.replaceAll(found, replacement));
    expect(() => index.versionsOf("engine")).toThrow(
      expect.objectContaining({
        code: "RELEASE_INVALID",
        message: expect.stringContaining('entry "Package: engine"'),
      }),
    );
  });
});
