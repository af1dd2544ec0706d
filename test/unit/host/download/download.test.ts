import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  type DownloadRequest,
  download,
  downloadText,
} from "../../../../src/host/download/download.ts";
import { openTransfer } from "../../../../src/host/download/transfer.ts";
import { sha256 } from "../../../support/debian/repository.ts";
import {
  cutShortOnce,
  type FileServer,
  refusingUri,
  startFileServer,
} from "../../../support/debian/server.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const text = "the content of the file";
const whole = { size: text.length, sha256: sha256(text) };
const { signal } = new AbortController();

async function setUp(): Promise<{ server: FileServer; directory: string; path: string }> {
  const directory = await temporaryDirectory();
  const server = await startFileServer(new Map([["file", Buffer.from(text)]]));
  return { server, directory, path: join(directory, "file") };
}

describe("download", () => {
  test("stores the content and tells how much has come", async () => {
    const { server, directory, path } = await setUp();
    const progress: number[] = [];
    await download({
      ...{ url: `${server.uri}/file`, path, ...whole, signal },
      onProgress: (received) => progress.push(received),
    });
    expect(await readFile(path, "utf8")).toBe(text);
    expect(await readdir(directory)).toEqual(["file"]);
    expect(progress.at(-1)).toBe(text.length);
  });

  const packed = gzipSync(text);
  test.each([
    ["says how much it sends", { "content-length": text.length }, text, text.length],
    ["does not say", {}, text, undefined],
    [
      "compresses it on the way",
      { "content-encoding": "gzip", "content-length": packed.length },
      packed,
      undefined,
    ],
  ] as const)("tells of how much, where the server %s", async (_, headers, body, total) => {
    const { server, path } = await setUp();
    server.answers.set("file", (_request, response) => {
      response.writeHead(200, headers);
      response.write(body);
      response.end();
    });
    const totals = new Set<number | undefined>();
    await download({
      ...{ url: `${server.uri}/file`, path, sha256: whole.sha256, signal },
      onProgress: (_received, known) => totals.add(known),
    });
    expect([...totals]).toEqual([total]);
  });

  test.each([
    ["says so", { "content-length": 3 << 20 }, 1],
    ["does not say so", {}, 3 << 20],
  ] as const)("ends before more comes than may, where the server %s", async (_, headers, size) => {
    const { server, directory, path } = await setUp();
    const closed: Promise<unknown>[] = [];
    server.answers.set("file?token=1", (_request, response) => {
      closed.push(once(response, "close"));
      response.writeHead(200, headers).write(Buffer.alloc(size));
    });
    const progress: number[] = [];
    const attempt = download({
      ...{ url: `${server.uri}/file?token=1`, path, sha256: whole.sha256, signal },
      ...{ maximumSize: 2 << 20, onProgress: (received: number) => progress.push(received) },
    });
    await expect(attempt).rejects.toMatchObject({
      code: "DOWNLOAD_TOO_LARGE",
      message: `${server.uri}/file is larger than 2 MiB, which is the most that is downloaded`,
    });
    expect(await readdir(directory)).toEqual([]);
    expect(Math.max(0, ...progress)).toBeLessThanOrEqual(2 << 20);
    await Promise.all(closed);
  });

  test("follows a redirection to another address", async () => {
    const { server, path } = await setUp();
    const front = await startFileServer();
    front.answers.set("file", (_, response) =>
      response.writeHead(302, { location: `${server.uri}/file` }).end(),
    );
    await download({ url: `${front.uri}/file`, path, ...whole, signal });
    expect(await readFile(path, "utf8")).toBe(text);
  });

  test("asks once more when the server closed the connection before answering", async () => {
    const { server, path } = await setUp();
    server.answers.set("file", (request) => {
      server.answers.delete("file");
      request.socket.destroy();
    });
    await download({ url: `${server.uri}/file`, path, ...whole, signal });
    expect(server.requests).toEqual(["file", "file"]);
  });

  const failures: {
    title: string;
    request?: Partial<DownloadRequest>;
    answer?: Parameters<FileServer["answers"]["set"]>[1];
    error: { code: string; message: RegExp };
  }[] = [
    {
      title: "another hash",
      request: { sha256: sha256("other") },
      error: { code: "DOWNLOAD_CORRUPT", message: /does not have the expected SHA-256$/ },
    },
    {
      title: "fewer bytes than expected",
      request: { size: text.length + 1 },
      error: { code: "DOWNLOAD_CORRUPT", message: /has 23 bytes instead of 24$/ },
    },
    {
      title: "an HTTP error",
      answer: (_, response) => response.writeHead(503).end(),
      error: { code: "DOWNLOAD_FAILED", message: /file was answered with HTTP 503/ },
    },
    {
      title: "a connection that breaks off",
      answer: (_, response) => {
        response.writeHead(200, { "content-length": text.length });
        response.write(text.slice(0, 5), () => response.destroy());
      },
      error: { code: "NETWORK_UNREACHABLE", message: /^cannot download from 127\.0\.0\.1:\d+: / },
    },
    {
      title: "a server that never answers",
      request: { stallTimeoutMs: 50 },
      answer: () => {},
      error: { code: "TIMEOUT", message: /^127\.0\.0\.1:\d+ sent nothing for 50 ms$/ },
    },
    {
      title: "a server that falls silent half-way",
      request: { stallTimeoutMs: 50 },
      answer: (_, response) => void response.writeHead(200).write(text.slice(0, 5)),
      error: { code: "TIMEOUT", message: /sent nothing for 50 ms$/ },
    },
  ];
  test.each(failures)("keeps the old file on $title", async ({ request, answer, error }) => {
    const { server, directory, path } = await setUp();
    if (answer) server.answers.set("file", answer);
    await writeFile(path, "old");
    const attempt = download({ url: `${server.uri}/file`, path, ...whole, signal, ...request });
    await expect(attempt).rejects.toMatchObject({
      code: error.code,
      message: expect.stringMatching(error.message),
    });
    expect(await readFile(path, "utf8")).toBe("old");
    const left = (await readdir(directory)).filter((name) => name !== "file.part");
    expect(left).toEqual(["file"]);
  });

  test("does not take the time that the reader needs for the server's silence", async () => {
    const { server } = await setUp();
    server.answers.set("file", (_, response) => {
      response.writeHead(200).write(text.slice(0, 5), () => response.end(text.slice(5)));
    });
    const transfer = { url: `${server.uri}/file`, signal, stallTimeoutMs: 200 };
    const content = await openTransfer(transfer, 0);
    const received: Uint8Array[] = [];
    for await (const chunk of content?.chunks ?? []) {
      received.push(chunk);
      const isSlow = received.length === 1;
      if (isSlow) await new Promise((done) => setTimeout(done, 2 * transfer.stallTimeoutMs));
    }
    expect(Buffer.concat(received).toString()).toBe(text);
  });

  test("stops reading a body that is longer than expected", async () => {
    const { server, path } = await setUp();
    let connectionClosed: Promise<unknown> | undefined;
    server.answers.set("file", (_, response) => {
      connectionClosed = once(response, "close");
      response.writeHead(200);
      const sendMore = () => response.write(text, sendMore);
      sendMore();
    });
    const attempt = download({ url: `${server.uri}/file`, path, ...whole, signal });
    await expect(attempt).rejects.toMatchObject({
      code: "DOWNLOAD_CORRUPT",
      message: `${server.uri}/file is longer than 23 bytes`,
    });
    expect(await connectionClosed).toEqual([]);
  });

  test("names the address when nobody listens there", async () => {
    const { path } = await setUp();
    const uri = await refusingUri();
    const attempt = download({ url: `${uri}/file`, path, signal });
    await expect(attempt).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
      message: `cannot download from ${uri.slice("http://".length)}: the connection was refused`,
    });
  });

  describe("with the beginning that an earlier download has left", () => {
    async function setUpWith(beginning: string) {
      const world = await setUp();
      await writeFile(`${world.path}.part`, beginning);
      return {
        ...world,
        request: { url: `${world.server.uri}/file`, path: world.path, ...whole, signal },
      };
    }

    test("asks for the rest alone, and counts the beginning as received", async () => {
      const { server, directory, path, request } = await setUpWith(text.slice(0, 7));
      const progress: number[] = [];
      await download({ ...request, onProgress: (received) => progress.push(received) });
      expect(await readFile(path, "utf8")).toBe(text);
      expect(server.ranges).toEqual(["bytes=7-"]);
      expect(progress).toEqual([text.length]);
      expect(await readdir(directory)).toEqual(["file"]);
    });

    test("tells of how much by the range that the server sends", async () => {
      const { request } = await setUpWith(text.slice(0, 7));
      const { size: _, ...unsized } = request;
      const totals: (number | undefined)[] = [];
      await download({ ...unsized, onProgress: (_received, total) => totals.push(total) });
      expect(totals).toEqual([text.length]);
    });

    test("asks nobody when it is whole, though its size is not known", async () => {
      const { server, request } = await setUpWith(text);
      const { size: _, ...unsized } = request;
      await download(unsized);
      expect(server.requests).toEqual([]);
    });

    test("begins anew at a server that knows no ranges", async () => {
      const { server, path, request } = await setUpWith(text.slice(0, 7));
      server.answers.set("file", (_, response) => response.end(text));
      await download(request);
      expect(await readFile(path, "utf8")).toBe(text);
      expect(server.requests).toHaveLength(1);
    });

    test.each([
      ["another beginning", "THE CON", ["bytes=7-", undefined]],
      ["a beginning that is too long", `${text} and more`, ["bytes=32-", undefined]],
      ["a whole of another hash", text.toUpperCase(), [`bytes=${text.length}-`, undefined]],
    ])("begins anew, once, after %s", async (_, beginning, ranges) => {
      const { server, path, request } = await setUpWith(beginning);
      await download(request);
      expect(await readFile(path, "utf8")).toBe(text);
      expect(server.ranges).toEqual(ranges);
    });

    test("asks nobody when it is already whole", async () => {
      const { server, path, request } = await setUpWith(text);
      await download(request);
      expect(await readFile(path, "utf8")).toBe(text);
      expect(server.requests).toEqual([]);
    });

    test("begins anew when the server sends another range than was asked for", async () => {
      const { server, path, request } = await setUpWith(text.slice(0, 7));
      server.answers.set("file", (_, response) => {
        server.answers.delete("file");
        response.writeHead(206, { "content-range": "bytes 5-22/23" }).end(text.slice(5));
      });
      await download(request);
      expect(await readFile(path, "utf8")).toBe(text);
    });

    test("ends when the file at the server has changed meanwhile, and keeps nothing", async () => {
      const { server, directory, request } = await setUpWith(text.slice(0, 7));
      server.files.set("file", Buffer.from(text.toUpperCase()));
      await expect(download(request)).rejects.toMatchObject({ code: "DOWNLOAD_CORRUPT" });
      expect(server.requests).toHaveLength(2);
      expect(await readdir(directory)).toEqual([]);
    });
  });

  test("keeps what came before the connection broke for the next one", async () => {
    const { server, directory, path } = await setUp();
    const request = { url: `${server.uri}/file`, path, ...whole, signal };
    cutShortOnce(server, "file", 7);
    await expect(download(request)).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    expect(await readFile(`${path}.part`, "utf8")).toBe(text.slice(0, 7));
    await download(request);
    expect(server.ranges).toEqual([undefined, "bytes=7-"]);
    expect(await readdir(directory)).toEqual(["file"]);
  });

  test("lets one of several go on with what is left", async () => {
    const { server, directory, path } = await setUp();
    await writeFile(`${path}.part`, text.slice(0, 7));
    const request = { url: `${server.uri}/file`, path, ...whole, signal };
    await Promise.all([download(request), download(request)]);
    expect(server.ranges.toSorted()).toEqual(["bytes=7-", undefined]);
    expect(await readdir(directory)).toEqual(["file"]);
  });

  test.each(["3", "Fri, 20 Nov 2026 12:00:03 GMT"])(
    "tells how long the server wants to be left alone: %s",
    async (retryAfter) => {
      const { server, path } = await setUp();
      const date = "Fri, 20 Nov 2026 12:00:00 GMT";
      server.answers.set("file", (_, response) =>
        response.writeHead(429, { "retry-after": retryAfter, date }).end(),
      );
      await expect(download({ url: `${server.uri}/file`, path, signal })).rejects.toMatchObject({
        code: "DOWNLOAD_FAILED",
        context: { status: 429, retryAfterMs: 3000 },
      });
    },
  );

  test("ends with the signal's reason when aborted on the way", async () => {
    const { server, directory, path } = await setUp();
    const controller = new AbortController();
    const reason = new Error("the user changed their mind");
    server.answers.set("file", (_, response) => {
      response.writeHead(200);
      response.write("x", () => controller.abort(reason));
    });
    const { signal } = controller;
    await expect(download({ url: `${server.uri}/file`, path, signal })).rejects.toBe(reason);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe("downloadText", () => {
  test("gives the text of at most that many bytes", async () => {
    const { server } = await setUp();
    const request = { url: `${server.uri}/file`, signal };
    expect(await downloadText({ ...request, maximumSize: 23 })).toBe(text);
    await expect(downloadText({ ...request, maximumSize: 22 })).rejects.toMatchObject({
      code: "DOWNLOAD_CORRUPT",
    });
  });
});
