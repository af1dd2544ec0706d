import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readKey } from "openpgp";
import { expect, test } from "vitest";
import { readArchiveKeys } from "../../../../src/iso/debian/release/archive-keys.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const directory = join(import.meta.dirname, "../../../../templates/keys");

test("PROVENANCE.md names each key that is delivered, with its fingerprint and end", async () => {
  const provenance = await readFile(join(directory, "PROVENANCE.md"), "utf8");
  const rows = provenance.matchAll(/^\| (\S+\.asc) +\| ([0-9A-F]{40}) +\| .* \| (\S+) +\|$/gm);
  const described = Array.from(rows, ([, ...row]) => row).sort();
  const names = (await readdir(directory)).filter((name) => name.endsWith(".asc")).sort();
  const delivered = await Promise.all(
    names.map(async (name) => {
      const key = await readKey({ armoredKey: await readFile(join(directory, name), "utf8") });
      const end = await key.getExpirationTime();
      return [
        name,
        key.getFingerprint().toUpperCase(),
        end instanceof Date && end.toISOString().slice(0, 10),
      ];
    }),
  );
  expect(described).toEqual(delivered);
});

test("readArchiveKeys refuses a folder without keys", async () => {
  await expect(readArchiveKeys(await temporaryDirectory())).rejects.toThrow("no archive key");
});
