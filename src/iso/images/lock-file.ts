import * as z from "zod";
import { parseJson } from "../../bytes/parse-json.ts";
import { describeProblem } from "../../errors/describe-problem.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type ImageKind, type ImageLock, imageLockSchema } from "./image-lock.ts";

/** The locks of the images that one machine boots, as a file: `iso build --lock` reads it. */
const lockFileSchema = z.object({
  lockFileVersion: z.literal(1),
  images: z.array(imageLockSchema).min(1),
  /** Of images that the machine had before, and may go back to. */
  former: z.array(imageLockSchema).default([]),
});

export type ImageLocks = Readonly<Partial<Record<ImageKind, ImageLock>>>;

/** One lock, as the image that was made of it has it inside. */
export function formatLock(lock: ImageLock): string {
  return `${JSON.stringify(lock, undefined, 2)}\n`;
}

/** @param former locks of images that the machine had before */
export function formatLockFile(
  locks: readonly ImageLock[],
  former: readonly ImageLock[] = [],
): string {
  const more = former.length > 0 ? { former } : {};
  return `${JSON.stringify({ lockFileVersion: 1, images: locks, ...more }, undefined, 2)}\n`;
}

/**
 * The locks in the text of a lock file, one of a kind.
 * @param name of the file, for messages
 * @throws TsmachineError LOCK_INVALID
 */
export function parseLockFile(text: string, name: string): ImageLocks {
  const { images } = parseFile(text, name);
  const locks = Object.fromEntries(images.map((lock) => [lock.kind, lock]));
  if (Object.keys(locks).length < images.length) throw invalid(name, "it has two locks of a kind");
  return locks;
}

/** Every lock in the text, those of former images last. @throws TsmachineError LOCK_INVALID */
export function parseAllLocks(text: string, name: string): readonly ImageLock[] {
  const { images, former } = parseFile(text, name);
  return [...images, ...former];
}

function parseFile(text: string, name: string): z.infer<typeof lockFileSchema> {
  const parsed = lockFileSchema.safeParse(parseJson(text));
  if (!parsed.success) throw invalid(name, describeProblem(parsed.error));
  return parsed.data;
}

function invalid(name: string, problem: string): TsmachineError {
  return new TsmachineError("LOCK_INVALID", `${name} is not a lock file: ${problem}`, {
    hints: ["give the file that `tsmachine iso inspect --lock` has printed"],
  });
}
