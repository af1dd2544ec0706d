import { join } from "node:path";
import type { ImageKind } from "../image-lock.ts";

/** The files of a boot image: for booting the kernel directly, and the ISO for firmware. */
export const bootImageNames = {
  kernel: "kernel",
  initramfs: "initramfs",
  iso: "boot.iso",
  /** The kernel's own configuration, where it came with one. */
  config: "config",
} as const;

export const engineImageName = "engine.iso";

/** Of every image, beside its files. */
export const manifestName = "image.json";

export function imagesDirectory(cacheDirectory: string): string {
  return join(cacheDirectory, "images");
}

/** Where the cache has the image with this key, if it has it. */
export function imageDirectory(cacheDirectory: string, kind: ImageKind, key: string): string {
  return join(imagesDirectory(cacheDirectory), `${kind}-${key}`);
}
