import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { parseParagraph, parseParagraphs } from "../../../../src/iso/debian/deb822.ts";
import { debianLockSchema } from "../../../../src/iso/debian/lock.ts";
import { parseBinaryPackage } from "../../../../src/iso/debian/packages/binary-package.ts";
import { readPackageIndex } from "../../../../src/iso/debian/packages/package-index.ts";
import { compareVersions } from "../../../../src/iso/debian/packages/version.ts";
import { parseRelease } from "../../../../src/iso/debian/release/release-file.ts";
import { packagesFile, sha256 } from "../../../support/debian/repository.ts";

const paragraph = packagesFile([
  { name: "engine", fields: { Depends: "libc6 (>= 2.41) | libc, init", Provides: "docker" } },
]);
const release = [
  "Suite: stable",
  "Codename: trixie",
  "Date: Fri, 20 Nov 2026 10:00:00 UTC",
  "Architectures: all amd64",
  "Components: main",
  "SHA256:",
  ` ${sha256("")} 0 main/binary-amd64/Packages.xz`,
  "",
].join("\n");

/** The text with a piece of it replaced by something else, or cut off. */
function mutated(text: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom("\n", "\r", "\0", "\n\n", "\n ", "\u2028", "__proto__: x", "9".repeat(400)),
  );
  return fc
    .tuple(fc.nat(text.length), fc.nat(40), piece)
    .map(([start, length, piece]) => text.slice(0, start) + piece + text.slice(start + length));
}

function valueOrRefusal<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(TsmachineError);
    return undefined;
  }
}

describe("whatever the text", () => {
  test("paragraphs are read", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), mutated(paragraph)), (text) => {
        for (const fields of [parseParagraph(text), ...parseParagraphs(text)]) {
          for (const [name, value] of fields) {
            expect(name).toMatch(/^[^\s:]+$/);
            expect(value).toBe(value.trim());
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("a Release file is usable or refused", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), mutated(release)), (text) => {
        const parsed = valueOrRefusal(() => parseRelease("InRelease", text));
        if (parsed === undefined) return;
        // The code name becomes a file's name.
        expect(parsed.codename).toMatch(/^[a-z0-9][a-z0-9.+-]*$/);
        expect(parsed.date.getTime()).not.toBeNaN();
        for (const { size, sha256 } of parsed.files.values()) {
          expect(Number.isSafeInteger(size)).toBe(true);
          expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("an entry of a package index can be locked or is refused", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), mutated(paragraph)), (text) => {
        const parsed = valueOrRefusal(() => parseBinaryPackage(text));
        if (parsed === undefined) return;
        const lock = { suite: "trixie", date: new Date(0).toISOString() };
        debianLockSchema.parse({ ...lock, packages: [parsed.locked] });
      }),
      { numRuns: 1000 },
    );
  });

  test("a package index is read, however it is cut, and its entries are usable or refused", async () => {
    const cut = fc.tuple(mutated(`${paragraph}\n${paragraph}`), fc.integer({ min: 1, max: 99 }));
    await fc.assert(
      fc.asyncProperty(cut, async ([text, size]) => {
        const index = await readPackageIndex("trixie amd64", piecesOf(Buffer.from(text), size));
        for (const name of index.names()) valueOrRefusal(() => index.versionsOf(name));
        valueOrRefusal(() => index.providersOf("docker"));
      }),
    );
  });
});

async function* piecesOf(bytes: Uint8Array, size: number) {
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size);
  }
}

describe("a package index", () => {
  test("with an entry without an end is refused before it fills the memory", async () => {
    let chunks = 0;
    async function* endless() {
      for (; chunks < 1000; chunks += 1) yield Buffer.alloc(1 << 16, "x");
    }
    await expect(readPackageIndex("trixie amd64", endless())).rejects.toMatchObject({
      code: "RELEASE_INVALID",
      message: "the package index of trixie amd64 has an entry of over 1048576 bytes",
    });
    expect(chunks).toBeLessThan(20);
  });

  test("has no fields but those that begin a line", async () => {
    const forged = paragraph.replace("Description: ", "Description: \rSize: 1\n \rSize: 2\n ");
    const index = await readPackageIndex("trixie amd64", piecesOf(Buffer.from(forged), 1000));
    const [parsed] = index.versionsOf("engine");
    expect(parsed).toEqual(parseBinaryPackage(paragraph));
  });

  test.each([
    ["a size of 2^53", /^Size: .*/m, "Size: 9007199254740992"],
    ["a negative size", /^Size: .*/m, "Size: -1"],
    ["no size", /^Size: .*\n/m, ""],
    ["a path out of the mirror", /^Filename: .*/m, "Filename: pool/../../x.deb"],
    ["an address for a path", /^Filename: .*/m, "Filename: http://mirror.example/x.deb"],
    ["a hash that is a path", /^SHA256: .*/m, "SHA256: ../../../etc/passwd"],
    ["a broken relation", /^Depends: .*/m, "Depends: libc6 (>= "],
  ])("gives no package with %s", async (_, field, value) => {
    const forged = paragraph.replace(field, value);
    expect(forged).not.toBe(paragraph);
    const index = await readPackageIndex("trixie amd64", piecesOf(Buffer.from(forged), 1000));
    expect(() => index.versionsOf("engine")).toThrow(
      expect.objectContaining({ code: "RELEASE_INVALID" }),
    );
  });
});

test("a field of a hundred thousand lines takes no longer than its lines", () => {
  const lines = " line\n".repeat(100_000);
  const fields = parseParagraph(`SHA256:\n${lines}`);
  expect(fields.get("sha256")).toHaveLength(100_000 * 5 - 1);
});

describe("versions", () => {
  const version = fc.stringMatching(/^[0-9a-z.+~:-]{0,12}$/);

  test("are in one order", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(compareVersions(a, a)).toBe(0);
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
        const [first = "", second = "", third = ""] = [a, b, c].sort(compareVersions);
        expect(compareVersions(first, second)).toBeLessThanOrEqual(0);
        expect(compareVersions(second, third)).toBeLessThanOrEqual(0);
        expect(compareVersions(first, third)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  test("of many digits are compared as numbers", () => {
    const long = "9".repeat(10_000);
    expect(compareVersions(`1${long}`, long)).toBeGreaterThan(0);
    expect(compareVersions(long, `0${long}`)).toBe(0);
  });
});
