import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type NewBundle, writeBundle } from "../../../../src/iso/bundle/write-bundle.ts";
import { imageLockSchema } from "../../../../src/iso/images/image-lock.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const lock = (kind: string) =>
  imageLockSchema.parse({
    ...{ lockVersion: 2, kind, architecture: "amd64", templates: "", packages: [], inputs: [] },
    releases: [{ suite: "trixie", date: "2026-11-20T12:00:00.000Z" }],
  });

test("what ends the writing is told, and leaves the file of before as it was", async () => {
  const folder = await temporaryDirectory();
  const [path, short] = [join(folder, "bundle.tar"), join(folder, "short")];
  await writeFile(path, "before");
  await writeFile(short, "half");
  const bundle: NewBundle = {
    ...{ architecture: "amd64", suites: ["trixie"] },
    images: {
      boot: { wish: { kind: "default" }, lock: lock("boot") },
      engine: { wish: { kind: "default" }, lock: lock("engine") },
    },
    files: [
      {
        ...{ path: "debian/pool/a.deb", sha256: "0".repeat(64) },
        content: { kind: "slice", path: short, offset: 0, size: 5_000_000 },
      },
    ],
  };
  const report = { detail: () => {}, bytes: () => {} };
  const { signal } = new AbortController();
  await expect(writeBundle(bundle, { path, report, signal })).rejects.toThrow(short);
  expect((await readdir(folder)).sort()).toEqual(["bundle.tar", "short"]);
});
