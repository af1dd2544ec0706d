import type { Architecture } from "../../host/architecture.ts";
import type { FetchedPackage } from "../debian/fetch-packages.ts";
import type { DebianLock } from "../debian/lock.ts";
import type { PackageRequest } from "../debian/packages/resolve.ts";
import { digestOf } from "../recipes/recipe.ts";
import type { ImageKind } from "./image-manifest.ts";

/** A kind of image for one architecture: what it is made of, and how. */
export interface ImageDesign {
  readonly kind: ImageKind;
  readonly architecture: Architecture;
  readonly suite: string;
  readonly packages: PackageRequest;
  /** Digest of the recipe and the templates: all that goes in besides packages. */
  readonly digest: string;
  /** The version that the image is known by, from its packages. */
  versionOf(lock: DebianLock): string;
  /** Writes the image's files into a folder and gives back their names. */
  build(ingredients: Ingredients): Promise<readonly string[]>;
}

export interface Ingredients {
  readonly packages: readonly FetchedPackage[];
  readonly lock: DebianLock;
  /** Where the image's files go. */
  readonly folder: string;
  /** A folder for whatever is needed on the way; deleted afterwards. */
  readonly scratch: string;
  readonly report: ImageReport;
  readonly signal: AbortSignal;
}

export interface ImageReport {
  /** One line about what is done just now. */
  detail(text: string): void;
  bytes(transfer: { readonly received: number; readonly total: number | undefined }): void;
}

/** The image that this design makes of these packages: 16 hexadecimal digits. */
export function keyOf({ kind, architecture, digest }: ImageDesign, lock: DebianLock): string {
  return digestOf(kind, architecture, digest, lock).slice(0, 16);
}
