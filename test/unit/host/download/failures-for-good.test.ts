import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { download } from "../../../../src/host/download/download.ts";
import { withRetries } from "../../../../src/host/download/retry.ts";
import { startFileServer } from "../../../support/debian/server.ts";
import { listenOnLoopback } from "../../../support/network/listen.ts";
import { startTlsServer } from "../../../support/network/tls-server.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const { signal } = new AbortController();

/** The file of a server that answers with a redirection. */
async function redirectionTo(location: string): Promise<string> {
  const { uri, answers } = await startFileServer();
  answers.set("file", (_, response) => response.writeHead(302, { location }).end());
  return `${uri}/file`;
}

async function statusAnswer(status: number): Promise<string> {
  const { uri, answers } = await startFileServer();
  answers.set("file", (_, response) => response.writeHead(status).end());
  return `${uri}/file`;
}

/** A server that says this to everybody. */
async function saying(text: string): Promise<string> {
  const server = createServer((socket) => socket.end(text));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${await listenOnLoopback(server)}/file`;
}

const table: {
  readonly title: string;
  readonly url: () => Promise<string>;
  readonly code: string;
  readonly message: RegExp;
}[] = [
  {
    title: "a port that no server of files may have",
    url: async () => "http://127.0.0.1:1/file",
    ...{ code: "NETWORK_UNREACHABLE", message: /^cannot download from 127\.0\.0\.1:1: bad port$/ },
  },
  {
    title: "a redirection to a port out of range",
    url: () => redirectionTo("http://127.0.0.1:99999/file"),
    ...{ code: "NETWORK_UNREACHABLE", message: /: it leads to what is no address$/ },
  },
  {
    title: "a redirection to another protocol",
    url: () => redirectionTo("ftp://127.0.0.1/file"),
    ...{ code: "NETWORK_UNREACHABLE", message: /: URL scheme must be a HTTP\(S\) scheme$/ },
  },
  {
    title: "a redirection to itself",
    url: () => redirectionTo("/file"),
    ...{ code: "NETWORK_UNREACHABLE", message: /: redirect count exceeded$/ },
  },
  {
    title: "a server that speaks another protocol",
    url: () => saying("220 files.example ready\r\n"),
    ...{
      code: "NETWORK_UNREACHABLE",
      message: /: Response does not match the HTTP\/1\.1 protocol/,
    },
  },
  {
    title: "a server that speaks no TLS",
    url: async () => (await startFileServer()).uri.replace("http:", "https:"),
    ...{ code: "NETWORK_UNREACHABLE", message: /: it does not speak TLS$/ },
  },
  {
    title: "a certificate that is not trusted",
    url: async () => `${(await startTlsServer((_, response) => response.end())).uri}/file`,
    ...{ code: "SERVER_UNTRUSTED", message: /of an authority that is not known here$/ },
  },
  {
    title: "an answer with codes for terminals",
    url: () => saying("HTTP/1.1 404 \u001b[2Jgone\u0007\r\ncontent-length: 0\r\n\r\n"),
    ...{ code: "DOWNLOAD_FAILED", message: /was answered with HTTP 404 \[2Jgone$/ },
  },
  ...[401, 403, 404].map((status) => ({
    title: `the answer ${status}`,
    url: () => statusAnswer(status),
    ...{ code: "DOWNLOAD_FAILED", message: new RegExp(`was answered with HTTP ${status} `) },
  })),
];

test.each(table)(
  "fails at once, and is not tried again: $title",
  async ({ url, code, message }) => {
    const path = join(await temporaryDirectory(), "file");
    const request = { url: await url(), path, signal };
    const attempts: string[] = [];
    const attempt = () => {
      attempts.push("attempt");
      return download(request);
    };
    const sleep = async () => {
      throw new Error("waited");
    };
    const ended = withRetries(attempt, { signal, sleep, report: () => {} });
    await expect(ended).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(attempts).toHaveLength(1);
  },
);
