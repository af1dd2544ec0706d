import fc from "fast-check";
import { expect, test } from "vitest";
import { assignIsoNames } from "../../../../src/bytes/iso9660/iso-names.ts";

const asFiles = (names: readonly string[]) => names.map((name) => ({ name, isDirectory: false }));

test.each([
  ["isolinux.cfg", "ISOLINUX.CFG;1"],
  ["vmlinuz", "VMLINUZ.;1"],
  ["initramfs.cpio.gz", "INITRAMF.GZ;1"],
  [".profile", "_PROFILE.;1"],
  ["a b+c.t~t", "A_B_C.T_T;1"],
  ["ünïcode.txt", "_N_CODE.TXT;1"],
  ["🐳", "_.;1"],
  ["x.", "X.;1"],
])("file %s is called %s", (name, expected) => {
  expect(assignIsoNames(asFiles([name]))).toEqual([expected]);
});

test("a folder's identifier has no extension and no version", () => {
  expect(assignIsoNames([{ name: "conf.d", isDirectory: true }])).toEqual(["CONF_D"]);
});

test("names that become the same are numbered, and a name that needs no change keeps it", () => {
  const names = ["longname-a.txt", "longname-b.txt", "longname.txt", "LONGNAME.TXT"];
  expect(assignIsoNames(asFiles(names))).toEqual([
    "LONGNAM2.TXT;1",
    "LONGNAM3.TXT;1",
    "LONGNAME.TXT;1",
    "LONGNAM1.TXT;1",
  ]);
});

test("identifiers are valid and all different, whatever the names", () => {
  const entry = fc.record({
    name: fc.oneof(
      fc.stringMatching(/^[^/\0]{1,20}$/),
      fc.nat(3000).map((number) => `file-with-number-${number}.tar.gz`),
    ),
    isDirectory: fc.boolean(),
  });
  const entries = fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 100 });
  fc.assert(
    fc.property(entries, (siblings) => {
      const identifiers = assignIsoNames(siblings);
      const plain = identifiers.map((identifier) => identifier.replace(/\.?;1$/, ""));
      expect(new Set(plain).size).toBe(siblings.length);
      for (const [index, identifier] of identifiers.entries()) {
        expect(identifier).toMatch(
          siblings[index]?.isDirectory ? /^[A-Z0-9_]{1,8}$/ : /^[A-Z0-9_]{1,8}\.[A-Z0-9_]{0,3};1$/,
        );
      }
    }),
  );
});
