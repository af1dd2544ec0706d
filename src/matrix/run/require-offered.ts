import type { Context } from "../../core/context.ts";
import { withImagesInUse } from "../../core/images/images-in-use.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { selectEngine } from "../../iso/offers/engine-choice.ts";
import { parseKernelChoice, selectKernel } from "../../iso/offers/kernel-choice.ts";
import type { Cell } from "../definition/matrix.ts";
import { type ImageNames, imagesOf } from "./image-selection.ts";

/**
 * Refuses a matrix with a kernel or an engine that nobody offers, before anything is booted. Without a mirror it is left
 * to the cells: their images may all be in the cache.
 * @throws TsmachineError KERNEL_UNKNOWN, ENGINE_UNKNOWN; INVALID_INPUT for what names no kernel.
 */
export async function requireOffered(
  context: Context,
  cells: readonly Cell[],
  names: ImageNames,
): Promise<void> {
  const selections = cells.map(({ axes }) => imagesOf(axes, names));
  for (const architecture of new Set(selections.map((one) => one.architecture))) {
    const offers = await context.progress.step("Asking what Debian offers", (step) =>
      withImagesInUse(context, () => offersOf(context, architecture, step)),
    );
    for (const { kernel, engine } of selections.filter(
      (one) => one.architecture === architecture,
    )) {
      const choice = kernel.kind === "choice" ? parseKernelChoice(kernel.text) : undefined;
      if (offers === undefined) continue;
      if (choice !== undefined) selectKernel(offers, choice);
      if (engine.kind === "choice") selectEngine(offers, engine.text);
    }
  }
}

/** Undefined when no suite can be looked at. */
async function offersOf(
  { packageSource, signal }: Context,
  ...[architecture, step]: Parameters<Context["packageSource"]["listOffers"]>
) {
  try {
    return await packageSource.listOffers(architecture, step);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TsmachineError) return undefined;
    throw error;
  }
}
