import { stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { readTextNow, writeFileAtomic } from "../../../host/files/files.ts";
import { type CachedImage, filePath } from "./image-cache.ts";
import { sha256Of } from "./sha256-of.ts";

/**
 * Refuses an image any of whose files is not what its manifest says. A file that has kept size,
 * inode and times since it was last hashed is not hashed again: the files are large, and whoever
 * means harm here could write the manifest too.
 * @throws TsmachineError IMAGE_CORRUPT
 */
export async function checkImage(image: CachedImage, signal: AbortSignal): Promise<void> {
  const stamp = readStamp(image);
  const seen: Record<string, string> = {};
  for (const [name, expected] of Object.entries(image.manifest.files)) {
    const path = filePath(image, name);
    const now = await stampOf(path);
    if (now === undefined) throw corrupt(image, name);
    if (stamp[name] !== now && (await sha256Of(path, signal)) !== expected.sha256) {
      throw corrupt(image, name);
    }
    seen[name] = now;
  }
  if (JSON.stringify(seen) !== JSON.stringify(stamp)) {
    await writeFileAtomic(join(image.directory, stampName), `${JSON.stringify(seen)}\n`);
  }
}

const stampName = "checked.json";
const stampSchema = z.record(z.string(), z.string());

function readStamp({ directory }: CachedImage): Record<string, string> {
  try {
    return stampSchema.parse(JSON.parse(readTextNow(join(directory, stampName)) ?? "{}"));
  } catch {
    return {};
  }
}

/**
 * Changes whenever the file does; undefined when there is none. Programs that set the
 * modification time back, as those that copy and restore files do, cannot set the change time.
 */
async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
    return `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

function corrupt({ manifest, directory }: CachedImage, name: string): TsmachineError {
  return new TsmachineError(
    "IMAGE_CORRUPT",
    `${manifest.lock.kind} image ${manifest.key}: ${name} is not what was built`,
    {
      hints: [
        "put the file back from a copy, or run `tsmachine iso build` and create the machine anew",
      ],
      context: { directory },
    },
  );
}
