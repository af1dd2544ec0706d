import { argv, stdout } from "node:process";
import { bootImageDesign } from "../../../../../src/iso/images/boot/boot-image.ts";
import { ensureImage } from "../../../../../src/iso/images/making/ensure-image.ts";
import { fakePackageSource } from "../../../../support/images/fake-images.ts";

// Arguments: templates, packages, cache. Prints the image's key and how often it was built here.
const [, , templates = "", packages = "", cacheDirectory = ""] = argv;
const source = fakePackageSource(packages);
const { manifest } = await ensureImage(
  await bootImageDesign(templates, { architecture: "amd64", kernel: { kind: "default" } }),
  {
    ...{ cacheDirectory, source, freshness: "cached" },
    report: { detail: () => {}, bytes: () => {} },
    signal: new AbortController().signal,
  },
);
stdout.write(JSON.stringify({ key: manifest.key, builds: source.fetches }));
