import { z } from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type ImageKind, type ImageLock, imageLockSchema } from "./image-lock.ts";

/** The locks of the images that one machine boots, as a file: `iso build --lock` reads it. */
const lockFileSchema = z.object({
  lockFileVersion: z.literal(1),
  images: z.array(imageLockSchema).min(1),
});

export type ImageLocks = Readonly<Partial<Record<ImageKind, ImageLock>>>;

export function formatLockFile(locks: readonly ImageLock[]): string {
  return `${JSON.stringify({ lockFileVersion: 1, images: locks }, undefined, 2)}\n`;
}

/**
 * The locks in the text of a lock file, one of a kind.
 * @param name of the file, for messages
 * @throws TsmachineError LOCK_INVALID
 */
export function parseLockFile(text: string, name: string): ImageLocks {
  const parsed = lockFileSchema.safeParse(parseJson(text));
  if (!parsed.success) throw invalid(name, z.prettifyError(parsed.error));
  const { images } = parsed.data;
  const locks = Object.fromEntries(images.map((lock) => [lock.kind, lock]));
  if (Object.keys(locks).length < images.length) throw invalid(name, "it has two locks of a kind");
  return locks;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(name: string, problem: string): TsmachineError {
  return new TsmachineError("LOCK_INVALID", `${name} is not a lock file: ${problem}`, {
    hints: ["give the file that `tsmachine iso inspect --lock` has printed"],
  });
}
