import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { ImageFolder } from "../../iso/images/cache/image-cache.ts";
import { findProblems, type ImageProblem } from "../../iso/images/verify/find-problems.ts";
import { rebuildAndCompare } from "../../iso/images/verify/rebuild.ts";
import type { Context } from "../context.ts";
import { designFor, imageOptions } from "./images.ts";

export interface VerifyOptions {
  /** "rebuild" also makes the image again of its lock. */
  readonly how: "hash" | "rebuild";
}

/** An image and what is wrong with it. */
export interface VerifiedImage {
  readonly kind: ImageFolder["kind"];
  readonly key: string;
  /** Undefined when the manifest, which has it, is damaged. */
  readonly version: string | undefined;
  readonly problems: readonly ImageProblem[];
}

/**
 * Checks images against their manifests, byte by byte, and changes nothing.
 * @throws TsmachineError of the archive when an image is made again
 */
export async function verifyImages(
  context: Context,
  folders: readonly ImageFolder[],
  { how }: VerifyOptions,
): Promise<readonly VerifiedImage[]> {
  const verified: VerifiedImage[] = [];
  for (const folder of folders) {
    const { kind, key, image } = folder;
    const problems = [
      ...(await context.progress.step(`Checking ${kind} image ${key}`, () =>
        findProblems(folder, context.signal),
      )),
      ...(how === "rebuild" ? await rebuild(context, folder) : []),
    ];
    verified.push({ kind, key, version: image?.manifest.version, problems });
  }
  return verified;
}

async function rebuild(
  context: Context,
  { kind, key, image }: ImageFolder,
): Promise<readonly ImageProblem[]> {
  if (image === undefined) return [];
  const { manifest } = image;
  const design = await designFor(context, manifest.lock);
  try {
    return await context.progress.step(`Making ${kind} image ${key} again`, (step) =>
      rebuildAndCompare(design, manifest, imageOptions(context, step)),
    );
  } catch (error) {
    if (!(error instanceof TsmachineError && isOfThisImage.has(error.code))) throw error;
    return [{ file: "image.json", problem: `cannot be made again: ${error.message}` }];
  }
}

/** What keeps one image from being made again, and says nothing of the next. */
const isOfThisImage: ReadonlySet<string> = new Set([
  "INPUT_MISSING",
  "LOCK_MISMATCH",
  "PACKAGE_GONE",
]);
