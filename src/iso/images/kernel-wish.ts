import type { LockedInput } from "./image-lock.ts";

/** Which kernel a boot image is to have. */
export type KernelWish =
  /** The one that the recipe names. */
  | { readonly kind: "default" }
  /** One of Debian's: "6.1", "6.12-full", "6.12.107". */
  | { readonly kind: "choice"; readonly text: string }
  /** What somebody has built: the inputs "vmlinuz" and "modules.tar", perhaps "config". */
  | { readonly kind: "files"; readonly inputs: readonly LockedInput[] }
  /** Packages from no archive: inputs whose names end in ".deb". */
  | { readonly kind: "packages"; readonly inputs: readonly LockedInput[] };
