import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type DownloadRequest, download, downloadText } from "../../../src/host/download.ts";
import { sha256 } from "../../support/debian-repository.ts";
import { type FileServer, refusingUri, startFileServer } from "../../support/debian-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

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
