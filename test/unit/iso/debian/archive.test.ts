import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { openArchive } from "../../../../src/iso/debian/archive.ts";
import { parseMirror } from "../../../../src/iso/debian/mirrors/parse-mirror.ts";
import type { ArchiveOptions } from "../../../../src/iso/debian/open-suite.ts";
import {
  debianRepository,
  generateArchiveKey,
  hoursAgo,
  keysDirectory,
  locked,
  type RepositoryOptions,
  testNow,
} from "../../../support/debian/repository.ts";
import { refusingUri, startFileServer } from "../../../support/debian/server.ts";
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
  return { server, options, lines, indexPath, key };
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

  test.each([
    ["an expired one", { date: hoursAgo(9), validUntil: hoursAgo(1) }, /was valid until/],
    ["one of the future", { date: hoursAgo(-25), signedAt: hoursAgo(2) }, /is still to come/],
  ] as const)("goes on to the next mirror after %s, and warns", async (_, stale, reason) => {
    const { options, key } = await setUp();
    const { uri } = await startFileServer(await debianRepository({ key, ...stale }));
    const warnings: string[] = [];
    const archive = await openArchive({
      ...options,
      mirrors: [{ uri, origin: "an official mirror" }, ...options.mirrors],
      report: (line: string, weight?: "warning") => weight && warnings.push(line),
    });
    expect(archive.mirror).toEqual(options.mirrors[0]);
    expect(warnings).toEqual([expect.stringMatching(reason)]);
  });

  test("goes on to the next mirror after one that is older than what was seen", async () => {
    const { options, key, lines } = await setUp();
    await openArchive(options);
    const older = await debianRepository({ key, date: hoursAgo(9) });
    const { uri } = await startFileServer(older);
    const mirrors = [{ uri, origin: "an official mirror" }, ...options.mirrors];
    expect((await openArchive({ ...options, mirrors })).mirror).toEqual(options.mirrors[0]);
    expect(lines).toEqual([expect.stringMatching(/older than what was seen before/)]);
  });

  test("names every mirror when none has the suite", async () => {
    const { options } = await setUp();
    const other = await startFileServer();
    const mirrors = [...options.mirrors, { uri: other.uri, origin: "an official mirror" }];
    await expect(openArchive({ ...options, mirrors, suite: "forky" })).rejects.toMatchObject({
      code: "SUITE_MISSING",
      message: expect.stringMatching(/it has no suite forky .*; .* it has no suite forky /),
    });
  });

  test("opens a mirror in a folder", async () => {
    const { options, server } = await setUp();
    const folder = await temporaryDirectory();
    for (const [path, content] of server.files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const mirrors = [parseMirror(pathToFileURL(folder).href, "from --mirror")];
    const archive = await openArchive({ ...options, mirrors });
    expect(await archive.fetch(archive.resolve(wish))).toHaveLength(2);
    await expect(openArchive({ ...options, mirrors, suite: "sid" })).rejects.toMatchObject({
      code: "SUITE_MISSING",
    });
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
