import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import * as z from "zod";
import { parseJson } from "../../bytes/parse-json.ts";
import type { ImageReport } from "../images/image-design.ts";
import { createAllowance } from "../unpack/allowance.ts";
import { archiveChunks, sizeOfArchive } from "../unpack/archive-chunks.ts";
import { bytesOf, type TarMember } from "../unpack/unpack-tar.ts";
import { watchSource } from "../unpack/watched-source.ts";
import {
  type BundledFile,
  type BundleManifest,
  bundleManifestSchema,
  manifestName,
} from "./bundle-manifest.ts";
import { invalidBundle } from "./invalid-bundle.ts";

export interface UnpackOptions {
  /** The bundle. */
  readonly path: string;
  /** Where its files go, at their paths; deleted by the caller, also after a failure. */
  readonly folder: string;
  readonly report: ImageReport;
  readonly signal: AbortSignal;
}

/** Some three hundred packages with their hashes, twice, have a twentieth of it. */
const maxManifestBytes = 4 << 20;

/**
 * Unpacks a bundle. Its members have to be what its own manifest lists, in that order, with these
 * sizes and hashes; nothing is written at any other path.
 * @throws TsmachineError BUNDLE_INVALID, FILE_UNREADABLE; the system's errors; the signal's reason
 *   when aborted.
 */
export async function unpackBundle(options: UnpackOptions): Promise<BundleManifest> {
  const { path, report, signal } = options;
  const size = await sizeOfArchive(path);
  const members = extract();
  let archiveFailure: unknown;
  members.once("error", (error) => {
    archiveFailure = error;
  });
  const allowance = createAllowance(slackBytes, () =>
    invalidBundle(path, "it has bytes that are of no listed file"),
  );
  const source = watchSource(allowance.bounded(archiveChunks({ path, size }, report)));
  const [taking, feeding] = await Promise.allSettled([
    takeMembers(members, { ...options, allow: allowance.add }),
    pipeline(source.chunks, members, { signal }),
  ]);
  signal.throwIfAborted();
  if (taking.status === "fulfilled" && feeding.status === "fulfilled") return taking.value;
  const error = taking.status === "rejected" ? taking.reason : archiveFailure;
  if (error !== archiveFailure || source.isFailure(error)) throw error;
  throw invalidBundle(path, "it is no tar archive, is damaged or cut short", error);
}

interface TakeOptions extends UnpackOptions {
  readonly allow: (bytes: number) => void;
}

async function takeMembers(
  members: AsyncIterable<TarMember>,
  options: TakeOptions,
): Promise<BundleManifest> {
  const { path, allow } = options;
  let manifest: BundleManifest | undefined;
  let taken = 0;
  for await (const member of members) {
    if (manifest === undefined) {
      manifest = await readManifest(member, options);
      continue;
    }
    const file = manifest.files[taken];
    checkHeader(member, file, path);
    allow(file.size);
    await takeFile(member, file, options);
    taken += 1;
  }
  if (manifest === undefined) throw invalidBundle(path, "it is empty");
  const missing = manifest.files[taken];
  if (missing !== undefined) throw invalidBundle(path, `it ends before ${missing.path}`);
  return manifest;
}

async function readManifest(
  member: TarMember,
  { path, allow }: Pick<TakeOptions, "path" | "allow">,
): Promise<BundleManifest> {
  const { name, type, size = Number.NaN } = member.header;
  if (name !== manifestName || type !== "file" || !(size <= maxManifestBytes)) {
    throw invalidBundle(path, `it does not begin with ${manifestName}`);
  }
  allow(size);
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(member)) chunks.push(chunk);
  const parsed = bundleManifestSchema.safeParse(parseJson(Buffer.concat(chunks).toString()));
  if (parsed.success) return parsed.data;
  throw invalidBundle(path, `${manifestName}: ${z.prettifyError(parsed.error)}`, parsed.error);
}

/** Before any of the content is waited for: tar-stream waits for ever on a size that is no number. */
function checkHeader(
  { header }: TarMember,
  file: BundledFile | undefined,
  path: string,
): asserts file is BundledFile {
  const name = JSON.stringify(header.name);
  if (file === undefined) throw invalidBundle(path, `it has ${name}, which it does not list`);
  if (header.name !== file.path || header.type !== "file" || header.size !== file.size) {
    throw invalidBundle(path, `it has ${name} where it lists ${file.path} of ${file.size} bytes`);
  }
}

async function takeFile(
  member: TarMember,
  file: BundledFile,
  { path, folder, signal }: UnpackOptions,
): Promise<void> {
  const hash = createHash("sha256");
  async function* hashed() {
    for await (const chunk of bytesOf(member)) {
      hash.update(chunk);
      yield chunk;
    }
  }
  const target = join(folder, file.path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const written = createWriteStream(target, { flags: "wx", mode: 0o600 });
  await pipeline(hashed(), written, { signal });
  if (hash.digest("hex") !== file.sha256) {
    throw invalidBundle(path, `${file.path} does not have the SHA-256 that is listed`);
  }
}

/** Headers and what was read ahead; a tar header may claim any size, and is held in memory whole. */
const slackBytes = 16 << 20;
