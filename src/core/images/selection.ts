import type { Architecture } from "../../host/architecture.ts";
import type { BootImageWish } from "../../iso/images/boot/boot-image.ts";
import type { EngineImageWish } from "../../iso/images/engine/engine-image.ts";
import type { EngineWish } from "../../iso/images/engine/engine-wish.ts";
import type { EngineArchiveOrigin } from "../../iso/images/engine/keep-engine-archive.ts";
import type { KernelFiles } from "../../iso/images/kernel/keep-kernel.ts";
import type { KernelWish } from "../../iso/images/kernel/kernel-wish.ts";
import { namesFlavour } from "../../iso/offers/kernel-choice.ts";
import type { Context } from "../context.ts";

/** Which images are wanted, as the user says it. */
export interface ImageSelection {
  readonly architecture: Architecture;
  readonly kernel: KernelSelection;
  readonly engine: EngineSelection;
}

export type KernelSelection =
  | { readonly kind: "default"; readonly flavour?: "full" }
  /** One of Debian's: "6.1", "6.12-full", "6.12.107". */
  | { readonly kind: "choice"; readonly text: string }
  | { readonly kind: "files"; readonly files: KernelFiles }
  /** Paths of .deb files. */
  | { readonly kind: "packages"; readonly paths: readonly string[] };

export type EngineSelection =
  | { readonly kind: "default" }
  /** One of Debian's: "20.10", "28.5.2". */
  | { readonly kind: "choice"; readonly text: string }
  /** An archive of upstream's layout. */
  | { readonly kind: "archive"; readonly archive: EngineArchiveOrigin };

/** The selection with a kernel of that flavour, unless the user named a flavour or brings the kernel. */
export function inFlavour(selection: ImageSelection, flavour: "cloud" | "full"): ImageSelection {
  const { kernel } = selection;
  if (flavour === "cloud") return selection;
  if (kernel.kind === "default") return { ...selection, kernel: { kind: "default", flavour } };
  if (kernel.kind !== "choice" || namesFlavour(kernel.text)) return selection;
  return { ...selection, kernel: { kind: "choice", text: `${kernel.text.trim()}-${flavour}` } };
}

/**
 * The selection with files of the user's kept in the cache, so that it goes on meaning the same.
 * @throws TsmachineError FILE_UNREADABLE, INVALID_INPUT; as keepEngineArchive
 */
export async function wishesFor(
  context: Context,
  { architecture, kernel, engine }: ImageSelection,
): Promise<{ readonly boot: BootImageWish; readonly engine: EngineImageWish }> {
  return {
    boot: { architecture, kernel: await kernelWish(context, kernel) },
    engine: { architecture, engine: await engineWish(context, { architecture, engine }) },
  };
}

/**
 * The selection with an archive kept in the cache.
 * @throws TsmachineError as keepEngineArchive
 */
export async function engineWish(
  { store, http, progress, signal }: Context,
  { architecture, engine }: Pick<ImageSelection, "architecture" | "engine">,
): Promise<EngineWish> {
  if (engine.kind !== "archive") return engine;
  const { archive } = engine;
  const { cache } = store.layout;
  return progress.step("Fetching the engine's archive", async (report) => {
    const { keepEngineArchive } = await import("../../iso/images/engine/keep-engine-archive.ts");
    const options = { architecture, cacheDirectory: cache, http, report, signal };
    return { kind: "archive", input: await keepEngineArchive(archive, options) };
  });
}

async function kernelWish(
  { store, signal }: Context,
  kernel: KernelSelection,
): Promise<KernelWish> {
  if (kernel.kind === "default" || kernel.kind === "choice") return kernel;
  const { keepKernelFiles, keepKernelPackages } = await import(
    "../../iso/images/kernel/keep-kernel.ts"
  );
  const { cache } = store.layout;
  switch (kernel.kind) {
    case "files":
      return { kind: "files", inputs: await keepKernelFiles(kernel.files, cache, signal) };
    case "packages":
      return { kind: "packages", inputs: await keepKernelPackages(kernel.paths, cache, signal) };
  }
}
