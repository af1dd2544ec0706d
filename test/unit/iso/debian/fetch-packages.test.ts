import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type FetchOptions,
  type FetchProgress,
  fetchPackages,
} from "../../../../src/iso/debian/fetch-packages.ts";
import { type DebianLock, debianLockSchema } from "../../../../src/iso/debian/lock.ts";
import { parseMirror } from "../../../../src/iso/debian/mirrors/parse-mirror.ts";
import { locked } from "../../../support/debian/repository.ts";
import { cutShortOnce, refusingUri, startFileServer } from "../../../support/debian/server.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const names = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];
const packages = names.map((name) => locked({ name }));
const [alpha = locked({ name: "alpha" })] = packages;
const lock: DebianLock = { suite: "trixie", date: "2026-09-12T07:55:41.000Z", packages };
const totalBytes = packages.reduce((sum, { size }) => sum + size, 0);

const mirrorAt = (uri: string) => ({ uri, origin: "an official mirror" });

async function setUp() {
  const server = await startFileServer(
    new Map(packages.map(({ name, filename }) => [filename, Buffer.from(`content of ${name}`)])),
  );
  const cacheDirectory = await temporaryDirectory();
  const lines: string[] = [];
  const options: FetchOptions = {
    mirrors: [mirrorAt(server.uri)],
    cacheDirectory,
    signal: new AbortController().signal,
    report: (line) => lines.push(line),
    retry: { sleep: async () => {} },
  };
  const cachePath = join(cacheDirectory, "packages", `${alpha.sha256}.deb`);
  return { server, cacheDirectory, cachePath, lines, options };
}

/** A process number that nobody has: that of a process which has ended. */
async function pidOfNobody(): Promise<number> {
  const ended = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(ended, "exit");
  if (ended.pid === undefined) throw new Error("no process number");
  return ended.pid;
}

describe("fetchPackages", () => {
  test("gives the files in the lock's order", async () => {
    const { options, cachePath } = await setUp();
    const fetched = await fetchPackages(lock, options);
    expect(fetched.map(({ name }) => name)).toEqual(names);
    expect(fetched[0]).toEqual({ ...alpha, path: cachePath });
    for (const { name, path } of fetched) {
      expect(await readFile(path, "utf8")).toBe(`content of ${name}`);
    }
  });

  test("tells the progress over all packages", async () => {
    const { options } = await setUp();
    const steps: FetchProgress[] = [];
    await fetchPackages(lock, { ...options, onProgress: (step) => steps.push(step) });
    expect(steps.at(-1)).toEqual({ receivedBytes: totalBytes, totalBytes });
    const received = steps.map(({ receivedBytes }) => receivedBytes);
    expect(received).toEqual(received.toSorted((a, b) => a - b));
  });

  test("asks nobody for what is in the cache", async () => {
    const { options, server } = await setUp();
    await fetchPackages(lock, options);
    server.requests.length = 0;
    const steps: FetchProgress[] = [];
    await fetchPackages(lock, { ...options, onProgress: (step) => steps.push(step) });
    expect(server.requests).toEqual([]);
    expect(steps.at(-1)).toEqual({ receivedBytes: totalBytes, totalBytes });
  });

  test.each([
    ["of the right size", "CONTENT of alpha"],
    ["of another size", "content"],
  ])("replaces a damaged file in the cache, %s", async (_, damaged) => {
    const { options, server, cachePath } = await setUp();
    await fetchPackages(lock, options);
    await writeFile(cachePath, damaged);
    server.requests.length = 0;
    await fetchPackages(lock, options);
    expect(await readFile(cachePath, "utf8")).toBe("content of alpha");
    expect(server.requests).toEqual([alpha.filename]);
  });

  test.each([
    ["a changed package", "CONTENT of alpha"],
    ["a package cut short", "content"],
    ["a package that goes on and on", "content of alpha and of more"],
  ])("refuses %s and stores nothing of it", async (_, served) => {
    const { options, server, cacheDirectory } = await setUp();
    server.files.set(alpha.filename, Buffer.from(served));
    const attempt = fetchPackages({ ...lock, packages: [alpha] }, options);
    await expect(attempt).rejects.toMatchObject({ code: "DOWNLOAD_CORRUPT" });
    expect(await readdir(join(cacheDirectory, "packages"))).toEqual([]);
  });

  test("asks the next mirror when one cannot be reached, and says so once", async () => {
    const { options, lines } = await setUp();
    const dead = await refusingUri();
    await fetchPackages(lock, { ...options, mirrors: [mirrorAt(dead), ...options.mirrors] });
    expect(lines).toEqual([
      expect.stringMatching(
        /^Debian mirror http:\S+ \(an official mirror\) failed: cannot download/,
      ),
    ]);
  });

  test("asks the next mirror for what one has in another form", async () => {
    const { options, server } = await setUp();
    const stale = await startFileServer(new Map([[alpha.filename, Buffer.from("older")]]));
    await fetchPackages(lock, { ...options, mirrors: [mirrorAt(stale.uri), ...options.mirrors] });
    expect(server.requests).toContain(alpha.filename);
  });

  test("names every package that no mirror has any more, and the archive that has", async () => {
    const { options, server, cacheDirectory } = await setUp();
    server.files.delete(alpha.filename);
    const beta = { ...alpha, name: "beta", version: "2:0.1", filename: "pool/main/b/beta.deb" };
    const gone = { ...beta, sha256: "b".repeat(64) };
    const packages = [gone, ...lock.packages];
    await expect(fetchPackages({ ...lock, packages }, options)).rejects.toMatchObject({
      code: "PACKAGE_GONE",
      message: `no mirror has alpha ${alpha.version}, beta 2:0.1 any more`,
      hints: [
        "name a mirror that keeps old packages with --mirror, such as Debian's snapshot archive of 20260912T075541Z",
      ],
    });
    // What there still is need not be fetched again.
    const kept = lock.packages.filter(({ name }) => name !== "alpha");
    expect((await readdir(join(cacheDirectory, "packages"))).sort()).toEqual(
      kept.map(({ sha256 }) => `${sha256}.deb`).sort(),
    );
  });

  test("says of no package that it is gone while a mirror that may have it was refused", async () => {
    const { options, server } = await setUp();
    server.files.set(alpha.filename, Buffer.from("something else"));
    const without = await startFileServer();
    for (const mirrors of [
      [...options.mirrors, mirrorAt(without.uri)],
      [mirrorAt(without.uri), ...options.mirrors],
    ]) {
      const attempt = fetchPackages({ ...lock, packages: [alpha] }, { ...options, mirrors });
      await expect(attempt).rejects.toMatchObject({ code: "DOWNLOAD_CORRUPT" });
    }
  });

  test("names the mirror and its origin when it is the only one and cannot be reached", async () => {
    const { options } = await setUp();
    const uri = await refusingUri();
    const mirrors = [{ uri, origin: "from --mirror" }];
    await expect(fetchPackages(lock, { ...options, mirrors })).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
      message: expect.stringContaining(`Debian mirror ${uri} (from --mirror) failed: cannot`),
    });
  });

  test("gives up a mirror that falls silent", async () => {
    const { options, server } = await setUp();
    server.answers.set(alpha.filename, () => {});
    await expect(fetchPackages(lock, { ...options, stallTimeoutMs: 50 })).rejects.toMatchObject({
      code: "TIMEOUT",
    });
  });

  test("goes on where a broken connection left off, after a while", async () => {
    const { options, server, lines, cachePath } = await setUp();
    cutShortOnce(server, alpha.filename, 7);
    await fetchPackages({ ...lock, packages: [alpha] }, options);
    expect(await readFile(cachePath, "utf8")).toBe("content of alpha");
    expect(server.ranges).toEqual([undefined, "bytes=7-"]);
    expect(lines).toEqual([
      expect.stringMatching(/closed by the other side; trying again in 1 s$/),
    ]);
  });

  test("goes on at another mirror with what one has sent", async () => {
    const { options, server } = await setUp();
    const fragile = await startFileServer(new Map(server.files));
    cutShortOnce(fragile, alpha.filename, 7);
    const mirrors = [mirrorAt(fragile.uri), ...options.mirrors];
    await fetchPackages({ ...lock, packages: [alpha] }, { ...options, mirrors });
    expect(server.ranges).toEqual(["bytes=7-"]);
  });

  test("tidies up after processes that were killed, and leaves alone those that run", async () => {
    const { options, server, cacheDirectory } = await setUp();
    const packagesDirectory = join(cacheDirectory, "packages");
    await mkdir(packagesDirectory);
    const left = (hash: string, pid: number) =>
      join(packagesDirectory, `${hash}.deb.${pid}-0123abcd.tmp`);
    const gone = await pidOfNobody();
    await writeFile(left(alpha.sha256, gone), "content");
    const live = left(alpha.sha256, process.ppid);
    await writeFile(live, "cont");
    await fetchPackages({ ...lock, packages: [alpha] }, options);
    expect(server.ranges).toEqual(["bytes=7-"]);
    expect((await readdir(packagesDirectory)).sort()).toEqual(
      [`${alpha.sha256}.deb`, basename(live)].sort(),
    );
  });

  test("takes a package of the security archive from there", async () => {
    const { options, server, cachePath } = await setUp();
    const security = await startFileServer(new Map(server.files));
    server.files.clear();
    const mirrors = [{ ...mirrorAt(server.uri), securityUri: security.uri }];
    const patched = { ...alpha, archive: "debian-security" as const };
    await fetchPackages({ ...lock, packages: [patched] }, { ...options, mirrors });
    expect(await readFile(cachePath, "utf8")).toBe("content of alpha");
  });

  test("takes packages from a mirror in a folder", async () => {
    const { options, cacheDirectory, cachePath } = await setUp();
    const folder = join(cacheDirectory, "a mirror");
    await mkdir(join(folder, dirname(alpha.filename)), { recursive: true });
    await writeFile(join(folder, alpha.filename), "content of alpha");
    const only = { ...options, mirrors: [parseMirror(`file://${folder}`, "from --mirror")] };
    await fetchPackages({ ...lock, packages: [alpha] }, only);
    expect(await readFile(cachePath, "utf8")).toBe("content of alpha");
    await expect(fetchPackages(lock, only)).rejects.toMatchObject({
      code: "PACKAGE_GONE",
      message: expect.stringMatching(/^no mirror has beta 1\.0-1/),
    });
  });

  test("ends with the signal's reason and leaves no empty part behind", async () => {
    const { options, server, cacheDirectory } = await setUp();
    const controller = new AbortController();
    const reason = new Error("interrupted");
    server.answers.set(alpha.filename, () => controller.abort(reason));
    const { signal } = controller;
    const only = { ...lock, packages: [alpha] };
    await expect(fetchPackages(only, { ...options, signal })).rejects.toBe(reason);
    const left = await readdir(join(cacheDirectory, "packages"));
    expect(left.filter((name) => !name.endsWith(".deb"))).toEqual([]);
  });

  test("may run twice at once over one cache", async () => {
    const { options, cacheDirectory } = await setUp();
    const [first, second] = await Promise.all([
      fetchPackages(lock, options),
      fetchPackages(lock, options),
    ]);
    expect(second).toEqual(first);
    const files = packages.map(({ sha256 }) => `${sha256}.deb`).sort();
    expect((await readdir(join(cacheDirectory, "packages"))).sort()).toEqual(files);
  });
});

describe("a lock", () => {
  test("survives JSON", () => {
    expect(debianLockSchema.parse(JSON.parse(JSON.stringify(lock)))).toEqual(lock);
  });

  test.each([
    ["a path out of the mirror", { filename: "pool/../../x.deb" }],
    ["an absolute path", { filename: "/pool/x.deb" }],
    ["another file", { filename: "pool/main/x.txt" }],
    ["a hash that is none", { sha256: "../../../etc/passwd" }],
    ["a size that is none", { size: -1 }],
    ["a name that is none", { name: "../x" }],
  ])("does not hold %s", (_, change) => {
    const changed = { ...lock, packages: [{ ...alpha, ...change }] };
    expect(debianLockSchema.safeParse(changed).success).toBe(false);
  });
});
