import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openArchive } from "../../../../src/iso/debian/archive.ts";
import type { ArchiveOptions } from "../../../../src/iso/debian/open-suite.ts";
import {
  debianRepository,
  generateArchiveKey,
  hoursAgo,
  keysDirectory,
  locked,
  type RepositoryOptions,
  testNow,
} from "../../../support/debian-repository.ts";
import { refusingUri, startFileServer } from "../../../support/debian-server.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const engine = { name: "engine", fields: { Depends: "libc6" } };
const libc6 = { name: "libc6", version: "2.41-12" };
const wish = { wanted: ["engine"], without: [] };

async function setUp(repository: Partial<RepositoryOptions> = {}) {
  const key = await generateArchiveKey();
  const server = await startFileServer(
    await debianRepository({ key, packages: [engine, libc6], ...repository }),
  );
  const lines: string[] = [];
  const options: ArchiveOptions = {
    mirrors: [{ uri: server.uri, origin: "from this host's apt sources" }],
    suite: "trixie",
    architecture: "amd64",
    cacheDirectory: await temporaryDirectory(),
    keysDirectory: await keysDirectory(await generateArchiveKey(), key),
    now: testNow,
    signal: new AbortController().signal,
    report: (line) => lines.push(line),
  };
  const indexPath = [...server.files.keys()].find((path) => path.includes("binary-amd64")) ?? "";
  return { server, options, lines, indexPath };
}

describe("openArchive", () => {
  test.each(["yes", "no"] as const)("resolves and fetches, by hash: %s", async (byHash) => {
    const { options } = await setUp({ byHash });
    const archive = await openArchive(options);
    expect(archive.release).toEqual({ suite: "trixie", date: hoursAgo(2).toISOString() });
    const packages = archive.resolve(wish);
    expect(packages).toEqual([locked(engine), locked(libc6)]);
    const fetched = await archive.fetch(packages);
    expect(await Promise.all(fetched.map(({ path }) => readFile(path, "utf8")))).toEqual([
      "content of engine",
      "content of libc6",
    ]);
  });

  test("keeps the index and asks only for the release the next time", async () => {
    const { options, server } = await setUp();
    await openArchive(options);
    server.requests.length = 0;
    const archive = await openArchive(options);
    expect(server.requests).toEqual(["dists/trixie/InRelease"]);
    expect(archive.resolve(wish)).toHaveLength(2);
  });

  test("fetches an index anew that was damaged in the cache", async () => {
    const { options, server, indexPath } = await setUp();
    await openArchive(options);
    const directory = join(options.cacheDirectory, "indexes");
    const [name = ""] = await readdir(directory);
    await writeFile(join(directory, name), "damaged");
    server.requests.length = 0;
    await openArchive(options);
    expect(server.requests).toContain(indexPath);
  });

  test("tells the progress of the index", async () => {
    const { options, server, indexPath } = await setUp();
    const steps: unknown[] = [];
    await openArchive({ ...options, onProgress: (step) => steps.push(step) });
    const size = server.files.get(indexPath)?.length;
    expect(steps.at(-1)).toEqual({ receivedBytes: size, totalBytes: size });
  });

  test("refuses an index that was changed, even by a byte", async () => {
    const { options, server, indexPath } = await setUp();
    const index = Uint8Array.from(server.files.get(indexPath) ?? []);
    index.set([(index.at(-1) ?? 0) ^ 1], index.length - 1);
    server.files.set(indexPath, index);
    await expect(openArchive(options)).rejects.toMatchObject({
      code: "DOWNLOAD_CORRUPT",
      message: expect.stringContaining("does not have the expected SHA-256"),
    });
    expect(await readdir(join(options.cacheDirectory, "indexes"))).toEqual([]);
  });

  test("goes on to the next mirror, and fetches from that one first", async () => {
    const { options, lines } = await setUp();
    const dead = { uri: await refusingUri(), origin: "an official mirror" };
    const archive = await openArchive({ ...options, mirrors: [dead, ...options.mirrors] });
    await archive.fetch(archive.resolve(wish));
    expect(archive.mirror).toEqual(options.mirrors[0]);
    expect(lines).toEqual([expect.stringContaining(`${dead.uri} (an official mirror) failed`)]);
  });

  test("does not go on to another mirror after a wrong signature", async () => {
    const forged = await setUp();
    const { options, server } = await setUp();
    const mirrors = [...forged.options.mirrors, ...options.mirrors];
    await expect(openArchive({ ...options, mirrors })).rejects.toMatchObject({
      code: "SIGNATURE_INVALID",
    });
    expect(server.requests).toEqual([]);
  });

  test("names the architectures that there are when one is missing", async () => {
    const { options } = await setUp();
    await expect(openArchive({ ...options, architecture: "arm64" })).rejects.toMatchObject({
      code: "PACKAGE_UNAVAILABLE",
      message: "Debian trixie has no packages for arm64",
      hints: ["choose one of its architectures: amd64"],
    });
  });

  test("reports a mirror without that suite", async () => {
    const { options } = await setUp();
    await expect(openArchive({ ...options, suite: "forky" })).rejects.toMatchObject({
      code: "SUITE_MISSING",
      message: expect.stringMatching(/it has no suite forky \(http.*\/dists\/forky\/InRelease\)$/),
    });
  });
});
