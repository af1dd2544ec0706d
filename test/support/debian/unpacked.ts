import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../src/host/processes/run.ts";
import { openArchive } from "../../../src/iso/debian/archive.ts";
import { packageDirectory } from "../machines/tsmachine.ts";
import { reachableMirror } from "./live-mirror.ts";

export interface Unpacking {
  /** Names the folder. */
  readonly name: string;
  readonly packages: readonly string[];
  /** Count as there, with all that they would bring. */
  readonly without?: readonly string[];
  readonly cacheDirectory: string;
}

const timeoutMs = 10 * 60_000;

/**
 * Packages of Debian 13 and all that they need, unpacked and not installed, by the path that images take: signature,
 * hashes, packages. Made once; the folder is in the cache.
 */
export async function unpackedPackages({
  name,
  packages,
  without = [],
  cacheDirectory,
}: Unpacking): Promise<string> {
  const root = join(cacheDirectory, "unpacked", name);
  if (existsSync(root)) return root;
  const mirror = await reachableMirror();
  if (mirror === undefined) throw new Error("no Debian mirror answers");
  const signal = AbortSignal.timeout(timeoutMs);
  const archive = await openArchive({
    ...{ mirrors: [mirror], suite: "trixie", cacheDirectory, signal, now: new Date() },
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    keysDirectory: join(packageDirectory, "templates/keys"),
    report: () => {},
    validUntil: "ignored",
  });
  const partial = `${root}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const { path } of await archive.fetch(archive.resolve({ wanted: packages, without }))) {
    await run("dpkg-deb", ["--extract", path, partial], { signal, timeoutMs });
  }
  await rename(partial, root);
  return root;
}
