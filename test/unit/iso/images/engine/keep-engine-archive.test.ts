import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { directClient } from "../../../../../src/host/download/http-client.ts";
import {
  type EngineArchiveOrigin,
  keepEngineArchive,
} from "../../../../../src/iso/images/engine/keep-engine-archive.ts";
import { tarArchive } from "../../../../support/archives/deb.ts";
import { startFileServer } from "../../../../support/debian/server.ts";
import {
  amd64Machine,
  arm64Machine,
  elfProgram,
  engineArchive,
  enginePrograms,
  writeEngineArchive,
} from "../../../../support/images/engine-archive.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

async function world() {
  const folder = await temporaryDirectory();
  const cacheDirectory = join(folder, "cache");
  const totals = new Set<number | undefined>();
  const keep = (origin: EngineArchiveOrigin) =>
    keepEngineArchive(origin, {
      ...{ architecture: "amd64", cacheDirectory, http: async () => directClient },
      report: { detail: () => {}, bytes: ({ total }) => totals.add(total) },
      signal: new AbortController().signal,
    });
  const cached = () => readdir(join(cacheDirectory, "inputs")).catch(() => []);
  return { folder, keep, cached, totals, inputs: join(cacheDirectory, "inputs") };
}

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("an engine's archive in a file", () => {
  test("is kept under its name and by its hash", async () => {
    const { folder, keep, cached, inputs } = await world();
    const path = await writeEngineArchive(folder);
    const bytes = await readFile(path);
    const sha256 = hashOf(bytes);
    const input = await keep({ kind: "file", path, sha256 });
    expect(input).toEqual({ name: "docker-27.0.1.tgz", size: bytes.length, sha256 });
    expect(await cached()).toEqual([sha256]);
    expect(await readFile(join(inputs, sha256))).toEqual(bytes);
  });

  test("is kept once, and again when the cache has damaged it", async () => {
    const { folder, keep, inputs } = await world();
    const path = await writeEngineArchive(folder);
    const input = await keep({ kind: "file", path });
    expect(await keep({ kind: "file", path })).toEqual(input);
    await writeFile(join(inputs, input.sha256), "damaged");
    expect(await keep({ kind: "file", path })).toEqual(input);
    expect(await readFile(join(inputs, input.sha256))).toEqual(await readFile(path));
  });

  test.each([
    { file: "my engine.tgz", name: "my_engine.tgz" },
    { file: "_.tgz", name: "engine-_.tgz" },
  ])("of the name $file is an input of the name $name", async ({ file, name }) => {
    const { folder, keep } = await world();
    const path = await writeEngineArchive(folder, { name: file });
    expect(await keep({ kind: "file", path })).toMatchObject({ name });
  });

  test("is refused when it has another hash than it should", async () => {
    const { folder, keep, cached } = await world();
    const path = await writeEngineArchive(folder);
    await expect(keep({ kind: "file", path, sha256: "0".repeat(64) })).rejects.toMatchObject({
      code: "ENGINE_UNSUITABLE",
      message: `engine archive ${path} does not have the SHA-256 that was given`,
    });
    expect(await cached()).toEqual([]);
  });

  test("is missed", async () => {
    const { folder, keep } = await world();
    const path = join(folder, "none.tgz");
    await expect(keep({ kind: "file", path })).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  });
});

const { "docker/dockerd": _dockerd, ...withoutDockerd } = enginePrograms;
const { "docker/runc": _runc, ...withoutRunc } = enginePrograms;
const withDockerd = (dockerd: string | Buffer) =>
  engineArchive({ ...enginePrograms, "docker/dockerd": dockerd });
const dockerd = { name: "docker/dockerd", mtime: new Date(0) };
const failures = [
  {
    title: "that is no archive",
    bytes: Buffer.from("<html>not found</html>"),
    problem: "its gzip data is damaged or cut short",
  },
  {
    title: "that is cut short",
    bytes: (await engineArchive()).subarray(0, 100),
    problem: "its gzip data is damaged or cut short",
  },
  {
    title: "that holds no tar",
    bytes: gzipSync(Buffer.alloc(2000, "x")),
    problem: "its tar data is damaged or cut short",
  },
  {
    title: "without dockerd",
    bytes: await engineArchive(withoutDockerd),
    problem: "it has no docker/dockerd",
  },
  {
    title: "without runc",
    bytes: await engineArchive(withoutRunc),
    problem: "it has no docker/runc",
  },
  {
    title: "whose dockerd is a link",
    bytes: gzipSync(await tarArchive([[{ ...dockerd, type: "symlink", linkname: "/bin/sh" }, ""]])),
    problem: "it has no docker/dockerd",
  },
  {
    title: "whose dockerd is a script",
    bytes: await withDockerd("#!/bin/sh\nexec true, of more than twenty bytes\n"),
    problem: "its dockerd is no program for Linux",
  },
  {
    title: "whose dockerd is empty",
    bytes: await withDockerd(""),
    problem: "its dockerd is no program for Linux",
  },
  {
    title: "for another processor",
    bytes: await withDockerd(elfProgram(arm64Machine)),
    problem: "its dockerd is not for amd64",
  },
  {
    title: "with a path that leads out of its folder",
    bytes: await engineArchive({ ...enginePrograms, "docker/../../etc/passwd": "root" }),
    problem: 'path "docker/../../etc/passwd" holds ".."',
  },
  {
    title: "with a program twice",
    bytes: gzipSync(
      await tarArchive([
        [dockerd, elfProgram(amd64Machine)],
        [dockerd, elfProgram(amd64Machine)],
      ]),
    ),
    problem: "docker/dockerd comes twice",
  },
];

describe("an archive is refused, and not kept,", () => {
  test.each(failures)("$title", async ({ bytes, problem }) => {
    const { folder, keep, cached } = await world();
    const path = join(folder, "engine.tgz");
    await writeFile(path, bytes);
    await expect(keep({ kind: "file", path })).rejects.toMatchObject({
      code: "ENGINE_UNSUITABLE",
      message: `engine archive engine.tgz: ${problem}`,
    });
    expect(await cached()).toEqual([]);
  });
});

describe("an engine's archive at a URL", () => {
  test("is fetched once", async () => {
    const { keep, totals } = await world();
    const bytes = await engineArchive();
    const server = await startFileServer(new Map([["static/docker-27.0.1.tgz?token=1", bytes]]));
    const url = `${server.uri}/static/docker-27.0.1.tgz?token=1`;
    const sha256 = hashOf(bytes);
    const input = await keep({ kind: "url", url, sha256 });
    expect(input).toEqual({ name: "docker-27.0.1.tgz", size: bytes.length, sha256 });
    expect(await keep({ kind: "url", url, sha256 })).toEqual(input);
    expect(server.requests).toHaveLength(1);
    expect([...totals]).toEqual([bytes.length]);
  });

  test("is refused when it has another hash than it must", async () => {
    const { keep, cached } = await world();
    const server = await startFileServer(new Map([["docker.tgz", await engineArchive()]]));
    const url = `${server.uri}/docker.tgz`;
    await expect(keep({ kind: "url", url, sha256: "0".repeat(64) })).rejects.toMatchObject({
      code: "DOWNLOAD_CORRUPT",
      message: `${url} does not have the expected SHA-256`,
    });
    expect(await cached()).toEqual([]);
  });

  test("is missed", async () => {
    const { keep } = await world();
    const { uri } = await startFileServer();
    const origin = { kind: "url", url: `${uri}/none.tgz`, sha256: "0".repeat(64) } as const;
    await expect(keep(origin)).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
  });

  test("is refused when it is far larger than any engine's", async () => {
    const { keep, cached } = await world();
    const { uri, answers, requests } = await startFileServer();
    answers.set("docker.tgz", (_, response) => {
      response.writeHead(200, { "content-length": 2 ** 40 }).write("x");
    });
    const origin = { kind: "url", url: `${uri}/docker.tgz`, sha256: "0".repeat(64) } as const;
    await expect(keep(origin)).rejects.toMatchObject({
      code: "DOWNLOAD_TOO_LARGE",
      message: `${uri}/docker.tgz is larger than 512 MiB, which is the most that is downloaded`,
    });
    expect(await cached()).toEqual([]);
    expect(requests).toHaveLength(1);
  });
});
