import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bootImageDesign } from "../../../src/iso/images/boot/boot-image.ts";
import type { CachedImage } from "../../../src/iso/images/cache/image-cache.ts";
import { engineImageDesign } from "../../../src/iso/images/engine/engine-image.ts";
import type { ImageDesign } from "../../../src/iso/images/image-design.ts";
import type { EnsureImageOptions } from "../../../src/iso/images/making/ensure-image.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { type FakePackageSource, fakePackageSource } from "./fake-images.ts";
import { writeFakeTemplates } from "./fake-images-templates.ts";

/** Templates, packages and a cache in a folder of their own. */
export interface ImageWorld {
  readonly boot: ImageDesign;
  readonly engine: ImageDesign;
  readonly source: FakePackageSource;
  /** For images from the cache. */
  readonly options: EnsureImageOptions;
  readonly templates: string;
  readonly packagesFolder: string;
  /** The folder of the cache that has the images. */
  readonly images: string;
  /** What builds have said. */
  readonly details: string[];
}

/** @param templateChanges templates in another form, by path */
export async function imageWorld(
  templateChanges: Readonly<Record<string, string>> = {},
): Promise<ImageWorld> {
  const folder = await temporaryDirectory();
  const templates = join(folder, "templates");
  await writeFakeTemplates(templates, templateChanges);
  const packagesFolder = join(folder, "packages");
  const source = fakePackageSource(packagesFolder);
  const cacheDirectory = join(folder, "cache");
  const details: string[] = [];
  return {
    ...{ templates, packagesFolder, source, details, images: join(cacheDirectory, "images") },
    boot: await bootImageDesign(templates, { architecture: "amd64", kernel: { kind: "default" } }),
    engine: await engineImageDesign(templates, {
      ...{ architecture: "amd64", engine: { kind: "default" } },
    }),
    options: {
      ...{ cacheDirectory, source, freshness: "cached" },
      report: { detail: (text) => details.push(text), bytes: () => {} },
      signal: new AbortController().signal,
    },
  };
}

/** SHA-256 of every file of the image. */
export async function digestsOf({ directory, manifest }: CachedImage) {
  const digests: Record<string, string> = {};
  for (const name of Object.keys(manifest.files)) {
    const bytes = await readFile(join(directory, name));
    digests[name] = createHash("sha256").update(bytes).digest("hex");
  }
  return digests;
}
