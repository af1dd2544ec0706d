import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { chunksOf } from "../../../bytes/content.ts";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import {
  makePrivateDirectory,
  moveIntoPlace,
  temporaryPathFor,
} from "../../../host/files/files.ts";
import { isWhole } from "../../debian/content-cache.ts";
import type { LockedInput } from "../image-lock.ts";

export function inputsDirectory(cacheDirectory: string): string {
  return join(cacheDirectory, "inputs");
}

/** Where the cache keeps an input; named by its content, so that two of one name do not meet. */
export function inputPath(cacheDirectory: string, { sha256 }: Pick<LockedInput, "sha256">): string {
  return join(inputsDirectory(cacheDirectory), sha256);
}

export interface NewInput {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A file of the user's. @throws TsmachineError FILE_UNREADABLE */
export async function chunksOfFile(path: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    const { size } = await stat(path);
    return chunksOf({ kind: "slice", path, offset: 0, size });
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR", "EACCES")) throw error;
    throw new TsmachineError("FILE_UNREADABLE", `${path} cannot be read`, {
      hints: [`check the path ${path} and its permissions`],
      cause: error,
    });
  }
}

/**
 * Keeps a file of the user's in the cache, so that an image can be made of it again when the file
 * itself has changed or is gone.
 * @throws the system's error; what `chunks` throws; the signal's reason when aborted.
 */
export async function keepInput(
  cacheDirectory: string,
  { name, chunks }: NewInput,
  signal: AbortSignal,
): Promise<LockedInput> {
  const directory = inputsDirectory(cacheDirectory);
  await makePrivateDirectory(directory);
  const temporary = temporaryPathFor(join(directory, "input"));
  const hash = createHash("sha256");
  let size = 0;
  async function* measured() {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  try {
    const file = createWriteStream(temporary, { flags: "wx", mode: 0o600, flush: true });
    await pipeline(Readable.from(measured()), file, { signal });
    const input = { name, size, sha256: hash.digest("hex") };
    await moveIntoPlace(temporary, inputPath(cacheDirectory, input));
    return input;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Paths of the inputs in the cache, by name; each has just been hashed.
 * @throws TsmachineError INPUT_MISSING when one is gone or changed.
 */
export async function findInputs(
  cacheDirectory: string,
  inputs: readonly LockedInput[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for (const input of inputs) {
    const path = inputPath(cacheDirectory, input);
    if (!(await isWhole(path, { ...input, signal }))) throw missing(input);
    paths.set(input.name, path);
  }
  return paths;
}

function missing({ name, sha256 }: LockedInput): TsmachineError {
  return new TsmachineError("INPUT_MISSING", `the cache no longer has ${name} of ${sha256}`, {
    hints: [`run \`tsmachine iso build\` with the flag that names the file ${name} was taken from`],
    context: { name, sha256 },
  });
}
