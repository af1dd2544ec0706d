import { createHash } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Architecture } from "../../../host/architecture.ts";
import { type DownloadRequest, download } from "../../../host/download/download.ts";
import type { HttpClient } from "../../../host/download/http-client.ts";
import { tidyPartials } from "../../../host/download/partial-file.ts";
import { withRetries } from "../../../host/download/retry.ts";
import { makePrivateDirectory, temporaryPathFor } from "../../../host/files/files.ts";
import { isWhole } from "../../debian/content-cache.ts";
import { chunksOfFile, inputPath, inputsDirectory, keepInput } from "../cache/inputs.ts";
import type { ImageReport } from "../image-design.ts";
import type { LockedInput } from "../image-lock.ts";
import { readEngineArchive } from "./engine-archive.ts";

/** Where an engine's archive is to be had. */
export type EngineArchiveOrigin =
  | { readonly kind: "file"; readonly path: string; readonly sha256?: string | undefined }
  | { readonly kind: "url"; readonly url: string; readonly sha256: string };

export interface KeepOptions {
  readonly architecture: Architecture;
  readonly cacheDirectory: string;
  /** The way to the network; asked for when something is to be downloaded. */
  readonly http: () => Promise<HttpClient>;
  readonly report: ImageReport;
  readonly signal: AbortSignal;
}

/**
 * Keeps an engine's archive as the input of an image, once it is known to hold an engine. One that
 * the cache has is not fetched again.
 * @throws TsmachineError FILE_UNREADABLE; ENGINE_UNSUITABLE, also for another hash than the one that
 *   was given; of a URL those of `download`.
 */
export async function keepEngineArchive(
  origin: EngineArchiveOrigin,
  options: KeepOptions,
): Promise<LockedInput> {
  const { cacheDirectory, signal } = options;
  const sha256 = origin.kind === "file" ? await checkedHash(origin, signal) : origin.sha256;
  const wanted = { name: nameOf(origin), sha256 };
  const known = await cachedInput(wanted, options);
  if (known !== undefined) return known;
  const input = await obtain(origin, wanted, options);
  try {
    await requireEngine(input, options);
  } catch (error) {
    await rm(inputPath(cacheDirectory, input), { force: true });
    throw error;
  }
  return input;
}

type WantedInput = Pick<LockedInput, "name" | "sha256">;

/** The file's name as far as an input can have it. */
function nameOf(origin: EngineArchiveOrigin): string {
  const name = basename(origin.kind === "file" ? origin.path : new URL(origin.url).pathname);
  return name.replaceAll(/[^A-Za-z0-9._+~-]/g, "_").replace(/^(?![A-Za-z0-9])/, "engine-");
}

async function checkedHash(
  { path, sha256 }: EngineArchiveOrigin & { readonly kind: "file" },
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of await chunksOfFile(path)) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  const found = hash.digest("hex");
  if (sha256 === undefined || sha256 === found) return found;
  throw new TsmachineError(
    "ENGINE_UNSUITABLE",
    `engine archive ${path} does not have the SHA-256 that was given`,
    {
      hints: ["fetch the archive again, or correct --engine-sha256"],
      context: { expected: sha256, found },
    },
  );
}

async function cachedInput(
  wanted: WantedInput,
  { cacheDirectory, signal }: KeepOptions,
): Promise<LockedInput | undefined> {
  const path = inputPath(cacheDirectory, wanted);
  const size = (await statIfPresent(path))?.size;
  if (size === undefined || !(await isWhole(path, { size, sha256: wanted.sha256, signal }))) {
    return undefined;
  }
  return { ...wanted, size };
}

/** Several times what upstream's have. */
const maximumDownloadSize = 512 << 20;

async function obtain(
  origin: EngineArchiveOrigin,
  wanted: WantedInput,
  { cacheDirectory, http, report, signal }: KeepOptions,
): Promise<LockedInput> {
  if (origin.kind === "file") {
    const chunks = await chunksOfFile(origin.path);
    return keepInput(cacheDirectory, { name: wanted.name, chunks }, signal);
  }
  const path = inputPath(cacheDirectory, wanted);
  const directory = inputsDirectory(cacheDirectory);
  await makePrivateDirectory(directory);
  await tidyPartials(directory, new Date());
  report.detail(`downloading ${wanted.name}`);
  const { url, sha256 } = origin;
  const request: DownloadRequest = {
    ...{ url, sha256, maximumSize: maximumDownloadSize, path, http: await http(), signal },
    onProgress: (received, total) => report.bytes({ received, total }),
  };
  await withRetries(() => download(request), { signal, report: report.detail });
  return { ...wanted, size: (await stat(path)).size };
}

async function requireEngine(
  input: LockedInput,
  { architecture, cacheDirectory, signal }: KeepOptions,
): Promise<void> {
  const path = inputPath(cacheDirectory, input);
  const spoolPath = temporaryPathFor(join(inputsDirectory(cacheDirectory), "unpacked"));
  try {
    await readEngineArchive({ path, name: input.name, spoolPath, architecture, signal });
  } finally {
    await rm(spoolPath, { force: true });
  }
}

async function statIfPresent(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}
