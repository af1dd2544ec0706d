import type { Architecture } from "../../host/architecture.ts";
import type { FetchedPackage } from "../debian/fetch-packages.ts";
import type { ImageKind, ImageLock } from "./image-lock.ts";
import type { PackageSource } from "./package-source.ts";

/** An image that is wanted: how to choose what goes in, and how to make it of that. */
export interface ImageDesign {
  readonly kind: ImageKind;
  readonly architecture: Architecture;
  /** Digest of the recipe and the templates: all that goes in besides packages and inputs. */
  readonly templates: string;
  /** What was asked for, as plain data: the same wish finds the same image in the cache again. */
  readonly wish: unknown;
  /** The newest packages that meet the wish. */
  choose(source: PackageSource, report: ImageReport): Promise<ImageChoice>;
  /** Depends on nothing but the ingredients and the templates. */
  build(ingredients: Ingredients): Promise<BuiltImage>;
}

export type ImageChoice = Pick<ImageLock, "releases" | "packages" | "inputs">;

export interface BuiltImage {
  /** Names of the image's files in the folder. */
  readonly files: readonly string[];
  /** See ImageManifest. */
  readonly version: string;
}

export interface Ingredients {
  readonly packages: readonly FetchedPackage[];
  /** Paths of the lock's inputs, by name. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly lock: ImageLock;
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
