import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** Of the file, in lower-case hexadecimal. */
export async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
    hash.update(chunk);
  }
  return hash.digest("hex");
}
