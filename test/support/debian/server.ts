import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { onTestFinished } from "vitest";
import { listenOnLoopback } from "../network/listen.ts";

export interface FileServer {
  /** Without a slash at its end. */
  readonly uri: string;
  /** What is served, by path without a leading slash; tests change it as they like. */
  readonly files: Map<string, Uint8Array>;
  /** Answers that are more than a file, by path. */
  readonly answers: Map<string, (request: IncomingMessage, response: ServerResponse) => void>;
  /** The paths that were asked for. */
  readonly requests: string[];
  /** The header Range of each of these requests. */
  readonly ranges: (string | undefined)[];
}

/** An HTTP server of files and their ranges on the loopback address, until the running test ends. */
export async function startFileServer(
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<FileServer> {
  const served = new Map(files);
  const answers: FileServer["answers"] = new Map();
  const requests: string[] = [];
  const ranges: FileServer["ranges"] = [];
  const uri = await listen((request, response) => {
    const path = decodeURIComponent((request.url ?? "").slice(1));
    requests.push(path);
    ranges.push(request.headers.range);
    const answer = answers.get(path);
    const content = served.get(path);
    if (answer) answer(request, response);
    else if (content) sendFile(request, response, content);
    else response.writeHead(404).end("no such file");
  });
  return { uri, files: served, answers, requests, ranges };
}

/** Breaks the connection off after so many bytes of that file, once. */
export function cutShortOnce({ answers, files }: FileServer, path: string, bytes: number): void {
  answers.set(path, (_, response) => {
    answers.delete(path);
    const content = files.get(path) ?? Buffer.of();
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, bytes), () => response.destroy());
  });
}

function sendFile(request: IncomingMessage, response: ServerResponse, content: Uint8Array): void {
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
  const total = content.length;
  if (from === undefined) {
    response.writeHead(200, { "content-length": total }).end(content);
  } else if (Number(from) >= total) {
    response.writeHead(416, { "content-range": `bytes */${total}` }).end();
  } else {
    const range = `bytes ${from}-${total - 1}/${total}`;
    response.writeHead(206, { "content-range": range }).end(content.subarray(Number(from)));
  }
}

/** An address of this host where nobody listens. */
export async function refusingUri(): Promise<string> {
  const server = createServer();
  const uri = await addressOf(server);
  await new Promise((closed) => server.close(closed));
  return uri;
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return addressOf(server);
}

async function addressOf(server: ReturnType<typeof createServer>): Promise<string> {
  const port = await listenOnLoopback(server);
  return `http://127.0.0.1:${port}`;
}
