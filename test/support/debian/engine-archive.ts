import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import * as z from "zod";
import { chunksOf } from "../../../src/bytes/content.ts";
import type { FileTree } from "../../../src/bytes/file-tree.ts";
import { unpackDeb } from "../../../src/iso/unpack/unpack-deb.ts";
import type { TestStore } from "../machines/tsmachine.ts";

/** The programs of an engine and where Debian's packages have them. */
const programs = {
  dockerd: ["docker.io", "usr/sbin/dockerd"],
  "docker-proxy": ["docker.io", "usr/sbin/docker-proxy"],
  docker: ["docker-cli", "usr/bin/docker"],
  "docker-init": ["tini", "usr/bin/tini-static"],
  containerd: ["containerd", "usr/bin/containerd"],
  "containerd-shim-runc-v2": ["containerd", "usr/bin/containerd-shim-runc-v2"],
  ctr: ["containerd", "usr/bin/ctr"],
  runc: ["runc", "usr/sbin/runc"],
} as const;

const imagesSchema = z.array(
  z.looseObject({
    kind: z.string(),
    packages: z.array(z.looseObject({ name: z.string(), sha256: z.string() })),
  }),
);

/**
 * Writes an archive in the layout of upstream's static builds, made of the packages of the standard
 * engine, which are in the cache.
 */
export async function writeDebianEngineArchive(
  store: TestStore,
  { path, scratch }: { readonly path: string; readonly scratch: string },
): Promise<void> {
  const { stdout } = await store.tsmachine("iso", "build", "--json");
  const images = imagesSchema.parse(JSON.parse(stdout));
  const { packages = [] } = images.find(({ kind }) => kind === "engine") ?? {};
  const trees = new Map<string, FileTree>();
  const archive = pack();
  const written = pipeline(archive, createGzip({ level: 1 }), createWriteStream(path));
  for (const [program, [name, installed]] of Object.entries(programs)) {
    const sha256 = packages.find((item) => item.name === name)?.sha256;
    const unpacked =
      trees.get(name) ??
      (await unpackDeb({
        path: join(store.path, "cache", "packages", `${sha256}.deb`),
        spoolPath: join(scratch, `${name}.spool`),
        signal: new AbortController().signal,
      }));
    trees.set(name, unpacked);
    const entry = unpacked.get(installed);
    if (entry?.type !== "file") throw new Error(`${name} has no ${installed}`);
    const content = await buffer(Readable.from(chunksOf(entry.content)));
    archive.entry({ name: `docker/${program}`, mode: 0o755, mtime: new Date(0) }, content);
  }
  archive.finalize();
  await written;
}
