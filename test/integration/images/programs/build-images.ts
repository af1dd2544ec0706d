import { readFile } from "node:fs/promises";
import { argv, stdout } from "node:process";
import { fetchPackages } from "../../../../src/iso/debian/fetch-packages.ts";
import { bootImageDesign } from "../../../../src/iso/images/boot/boot-image.ts";
import { engineImageDesign } from "../../../../src/iso/images/engine/engine-image.ts";
import { parseLockFile } from "../../../../src/iso/images/lock-file.ts";
import { ensureLockedImage } from "../../../../src/iso/images/making/ensure-image.ts";
import type { PackageSource } from "../../../../src/iso/images/package-source.ts";

// Arguments: templates, cache with the packages, lock file. Prints the manifests of the images.
const [, , templates = "", cacheDirectory = "", lockPath = ""] = argv;
const signal = new AbortController().signal;
const wish = { kind: "default" } as const;
const refuse = () => Promise.reject(new Error("a lock needs no archive"));
const source: PackageSource = {
  ...{ openArchive: refuse, openUpdates: refuse, listOffers: refuse },
  fetch: (wanted) =>
    fetchPackages(wanted, { cacheDirectory, mirrors: [], signal, report: () => {} }),
};
const report = { detail: () => {}, bytes: () => {} };
const manifests: unknown[] = [];
for (const lock of Object.values(parseLockFile(await readFile(lockPath, "utf8"), lockPath))) {
  const { architecture } = lock;
  const design =
    lock.kind === "boot"
      ? await bootImageDesign(templates, { architecture, kernel: wish })
      : await engineImageDesign(templates, { architecture, engine: wish });
  const options = { cacheDirectory, source, report, signal };
  manifests.push((await ensureLockedImage(design, lock, options)).manifest);
}
stdout.write(JSON.stringify(manifests));
