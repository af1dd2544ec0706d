import { readFile, truncate, writeFile } from "node:fs/promises";
import type { IncomingMessage, RequestListener } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { beforeEach, expect, test } from "vitest";
import { createAuthority } from "../../../../src/certs/authority.ts";
import { issueClientCertificate } from "../../../../src/certs/issue.ts";
import type { AskLimits } from "../../../../src/core/engine/ask-engine.ts";
import { loadImage } from "../../../../src/core/engine/load-image.ts";
import { startTlsServer } from "../../../support/network/tls-server.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const { signal } = new AbortController();
const content = "an archive\n".repeat(50_000);

let path: string;
beforeEach(async () => {
  path = join(await temporaryDirectory(), "app.tar");
  await writeFile(path, content);
});

/** Loads the archive into an engine that is this listener. */
async function load(
  listener: RequestListener,
  changes: Partial<AskLimits> & { path?: string } = {},
) {
  const { uri, caFile } = await startTlsServer(listener);
  const now = new Date();
  const client = await issueClientCertificate(await createAuthority({ now }), { now });
  const bundle = { ...client, ca: await readFile(caFile, "utf8") };
  const endpoint = { address: "127.0.0.1", dockerPort: Number(new URL(uri).port) };
  const limits = { timeoutMs: 20_000, signal, ...changes };
  return loadImage({ endpoint, bundle }, changes.path ?? path, limits);
}

/** Answers once the whole archive is there. */
const answering =
  (status: number, text: string): RequestListener =>
  async (request, response) => {
    await buffer(request);
    response.writeHead(status).end(text);
  };

test("the engine is given the archive whole", async () => {
  let asked: IncomingMessage | undefined;
  let body = "";
  await load(async (request, response) => {
    asked = request;
    body = (await buffer(request)).toString();
    response.end('{"stream":"Loaded image: app:test"}\n');
  });
  expect(asked).toMatchObject({ method: "POST", url: "/images/load?quiet=1" });
  expect(asked?.headers["content-type"]).toBe("application/x-tar");
  expect(body === content).toBe(true);
});

test.each([
  [200, '{"stream":"x"}\n{"errorDetail":{"message":"no tar"},"error":"no tar"}\n', "no tar"],
  [500, '{"message":"no space left on device"}', "no space left on device"],
  [502, "<html>", "status 502"],
])("what an engine refuses with status %i is told in its words", async (status, text, words) => {
  await expect(load(answering(status, text))).rejects.toMatchObject({
    ...{ code: "IMAGE_REFUSED", message: `the engine does not load ${path}: ${words}` },
  });
});

test("an engine that refuses without reading on is not given the rest", async () => {
  await truncate(path, 64 << 20);
  const refusing = load(({ socket }) => {
    const text = '{"message":"no tar"}';
    socket.write(`HTTP/1.1 400 Bad Request\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
  });
  await expect(refusing).rejects.toMatchObject({ code: "IMAGE_REFUSED" });
});

test("an engine that never answers is given up at the limit", async () => {
  await expect(load(() => {}, { timeoutMs: 300 })).rejects.toMatchObject({
    ...{ code: "ENGINE_UNREACHABLE", message: expect.stringMatching(/no answer within 300 ms$/) },
    context: { isLate: true },
  });
});

test("an engine that hangs up, or talks without end, is named with the archive", async () => {
  await expect(load(({ socket }) => void socket.destroy())).rejects.toMatchObject({
    ...{ code: "ENGINE_UNREACHABLE", message: expect.stringContaining(`did not load ${path}: `) },
  });
  await expect(load(answering(200, "x".repeat(3 << 20)))).rejects.toMatchObject({
    ...{ code: "ENGINE_UNREACHABLE", message: expect.stringContaining("the answer is too long") },
  });
});

test.each(["/nowhere/app.tar", "/"])(
  "an archive that cannot be read is named: %s",
  async (missing) => {
    const loading = load(answering(200, ""), { path: missing });
    await expect(loading).rejects.toMatchObject({
      ...{ code: "FILE_UNREADABLE", message: `${missing} cannot be read` },
    });
  },
);

test("an abort ends it with the signal's reason", async () => {
  const controller = new AbortController();
  const reason = new Error("interrupted");
  const loading = load(() => controller.abort(reason), { signal: controller.signal });
  await expect(loading).rejects.toBe(reason);
  await expect(load(() => {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
