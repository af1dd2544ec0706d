import { basename } from "node:path/posix";
import { bootImageNames, engineImageName } from "../images/cache/image-files.ts";
import type { ImageManifest } from "../images/cache/image-manifest.ts";
import type { ImageLock } from "../images/image-lock.ts";
import { timeOf } from "../images/image-lock.ts";
import { debPurl, genericPurl } from "./purl.ts";

/** What both forms of a bill of materials say, in one. */
export interface BillOfMaterials {
  /** "boot-0123456789abcdef engine-0123456789abcdef": tells bills apart. */
  readonly name: string;
  /** The program that writes the bill. */
  readonly tool: { readonly name: string; readonly version: string };
  /** Of the packages' releases, so that the same images have the same bill. */
  readonly time: Date;
  readonly images: readonly ImageComponent[];
  /** What is in the images, each once. */
  readonly parts: readonly PartComponent[];
}

export interface ImageComponent {
  /** "boot-0123456789abcdef" */
  readonly id: string;
  readonly name: string;
  /** See ImageManifest. */
  readonly version: string;
  /** The file that firmware or the guest reads. */
  readonly file: string;
  readonly sha256: string;
  /** Ids of parts. */
  readonly contains: readonly string[];
}

export interface PartComponent {
  /** Letters, digits, dots and dashes. */
  readonly id: string;
  readonly name: string;
  /** Undefined for files that have none. */
  readonly version: string | undefined;
  readonly purl: string;
  readonly sha256: string;
  /** Path on every mirror of Debian; the name of a file that came from elsewhere. */
  readonly path: string;
  /** "debian" or "debian-security"; undefined for files that came from elsewhere. */
  readonly archive: string | undefined;
}

/** @param images one or more, in the order they are to have */
export function billOf(images: readonly ImageManifest[], toolVersion: string): BillOfMaterials {
  const described = images.map((manifest) => ({ manifest, parts: partsOf(manifest.lock) }));
  const parts = new Map(described.flatMap((image) => image.parts.map((part) => [part.id, part])));
  const times = images.map(({ lock }) => timeOf(lock).getTime());
  return {
    name: images.map(idOf).join(" "),
    tool: { name: "tsmachine", version: toolVersion },
    time: new Date(Math.max(...times)),
    images: described.map((image) => describeImage(image.manifest, image.parts)),
    parts: [...parts.values()],
  };
}

function describeImage(manifest: ImageManifest, parts: readonly PartComponent[]): ImageComponent {
  const { lock, version, files } = manifest;
  const file = lock.kind === "boot" ? bootImageNames.iso : engineImageName;
  return {
    ...{ id: idOf(manifest), name: `tsmachine ${lock.kind} image`, version, file },
    sha256: files[file]?.sha256 ?? "",
    contains: parts.map(({ id }) => id),
  };
}

function idOf({ lock, key }: ImageManifest): string {
  return `${lock.kind}-${key}`;
}

function partsOf({ packages, inputs, releases }: ImageLock): readonly PartComponent[] {
  const mainSuite = releases[0]?.suite ?? "";
  return [
    ...packages.map((item) => {
      const { name, version, sha256, filename, suite = mainSuite, archive = "debian" } = item;
      const purl = debPurl(item, suite);
      return { id: partId(name, sha256), name, version, purl, sha256, path: filename, archive };
    }),
    ...inputs.map(({ name, sha256 }) => ({
      ...{ id: partId(name, sha256), name, version: undefined, sha256, archive: undefined },
      ...{ purl: genericPurl({ name, sha256 }), path: basename(name) },
    })),
  ];
}

/** Packages have names that ids may not have. */
function partId(name: string, sha256: string): string {
  return `${name.replaceAll(/[^A-Za-z0-9.-]/g, "-")}-${sha256.slice(0, 16)}`;
}
