import type { Architecture } from "../../host/architecture.ts";
import type { BootImageWish } from "../../iso/images/boot-image.ts";
import type { EngineImageWish } from "../../iso/images/engine-image.ts";
import {
  type KernelFiles,
  keepKernelFiles,
  keepKernelPackages,
} from "../../iso/images/kernel-inputs.ts";
import type { KernelWish } from "../../iso/images/kernel-wish.ts";
import type { Context } from "../context.ts";

/** Which images are wanted, as the user says it. */
export interface ImageSelection {
  readonly architecture: Architecture;
  readonly kernel: KernelSelection;
  readonly engine: EngineSelection;
}

export type KernelSelection =
  | { readonly kind: "default" }
  /** One of Debian's: "6.1", "6.12-full", "6.12.107". */
  | { readonly kind: "choice"; readonly text: string }
  | { readonly kind: "files"; readonly files: KernelFiles }
  /** Paths of .deb files. */
  | { readonly kind: "packages"; readonly paths: readonly string[] };

export type EngineSelection =
  | { readonly kind: "default" }
  /** One of Debian's: "20.10", "28.5.2". */
  | { readonly kind: "choice"; readonly text: string };

/**
 * The selection with files of the user's kept in the cache, so that it goes on meaning the same.
 * @throws TsmachineError FILE_UNREADABLE, INVALID_INPUT
 */
export async function wishesFor(
  context: Context,
  { architecture, kernel, engine }: ImageSelection,
): Promise<{ readonly boot: BootImageWish; readonly engine: EngineImageWish }> {
  return {
    boot: { architecture, kernel: await kernelWish(context, kernel) },
    engine: { architecture, engine },
  };
}

async function kernelWish(
  { store, signal }: Context,
  kernel: KernelSelection,
): Promise<KernelWish> {
  const { cache } = store.layout;
  switch (kernel.kind) {
    case "default":
    case "choice":
      return kernel;
    case "files":
      return { kind: "files", inputs: await keepKernelFiles(kernel.files, cache, signal) };
    case "packages":
      return { kind: "packages", inputs: await keepKernelPackages(kernel.paths, cache, signal) };
  }
}
