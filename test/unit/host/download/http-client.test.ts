import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { downloadText } from "../../../../src/host/download/download.ts";
import { createHttpClient, type HttpSettings } from "../../../../src/host/download/http-client.ts";
import { refusingUri, startFileServer } from "../../../support/debian/server.ts";
import { type ProxyOptions, startProxy } from "../../../support/network/proxy-server.ts";
import { startTlsServer } from "../../../support/network/tls-server.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const { signal } = new AbortController();
const content = "signed text";

function read(url: string, settings: HttpSettings): Promise<string> {
  return downloadText({ url, signal, maximumSize: 100, http: createHttpClient(settings) });
}

const startMirror = () => startFileServer(new Map([["file", Buffer.from(content)]]));
const startTlsMirror = () => startTlsServer((_, response) => response.end(content));

describe("a client with a proxy", () => {
  test("has plain requests forwarded", async () => {
    const { uri } = await startMirror();
    const proxy = await startProxy({ target: uri });
    const environment = { http_proxy: proxy.uri };
    expect(await read("http://mirror.example/file", { environment })).toBe(content);
    expect(proxy.requests).toEqual(["GET http://mirror.example/file"]);
  });

  test("makes a tunnel for https, and checks the server's certificate behind it", async () => {
    const { uri, caFile } = await startTlsMirror();
    const proxy = await startProxy({ target: uri });
    const environment = { HTTPS_PROXY: proxy.uri };
    const trusted = { environment, caFile: { path: caFile, origin: "TSMACHINE_CA_FILE" } };
    expect(await read("https://mirror.example/file", trusted)).toBe(content);
    expect(proxy.requests).toEqual(["CONNECT mirror.example:443"]);
    await expect(read("https://mirror.example/file", { environment })).rejects.toMatchObject({
      code: "SERVER_UNTRUSTED",
    });
    await expect(read("https://other.example/file", trusted)).rejects.toMatchObject({
      code: "SERVER_UNTRUSTED",
      message: "cannot trust other.example:443: its certificate is for another name",
    });
  });

  test("keeps the query of an address out of what it says of a proxy that is gone", async () => {
    const environment = { http_proxy: await refusingUri() };
    const attempt = read("http://mirror.example/file?signature=s3cret", { environment });
    await expect(attempt).rejects.toMatchObject({
      code: "PROXY_FAILED",
      context: { url: "http://mirror.example/file" },
    });
  });

  test("goes past it where NO_PROXY says so", async () => {
    const { uri } = await startMirror();
    const environment = { http_proxy: await refusingUri(), no_proxy: "127.0.0.0/8" };
    expect(await read(`${uri}/file`, { environment })).toBe(content);
  });

  test("chooses anew after a redirection", async () => {
    const mirror = await startMirror();
    const front = await startFileServer();
    front.answers.set("file", (_, response) =>
      response.writeHead(302, { location: `${mirror.uri}/file` }).end(),
    );
    const proxy = await startProxy({ target: front.uri });
    const environment = { http_proxy: proxy.uri, no_proxy: "127.0.0.1" };
    expect(await read("http://front.example/file", { environment })).toBe(content);
    expect(proxy.requests).toEqual(["GET http://front.example/file"]);
  });

  test.each(["http", "https"] as const)("gives it name and password for %s", async (scheme) => {
    const { uri, caFile } = await startTlsMirror();
    const target = scheme === "http" ? (await startMirror()).uri : uri;
    const proxy = await startProxy({ credentials: "me:s3cret", target });
    const address = proxy.uri.replace("://", "://me:s3cret@");
    const environment = { [`${scheme}_proxy`]: address };
    const settings = { environment, caFile: { path: caFile, origin: "TSMACHINE_CA_FILE" } };
    expect(await read(`${scheme}://mirror.example/file`, settings)).toBe(content);
  });

  const refusals: {
    title: string;
    options: ProxyOptions;
    userinfo?: string;
    code: string;
    message: string;
    hint: string;
  }[] = [
    {
      title: "that wants a password",
      options: { credentials: "me:s3cret" },
      code: "PROXY_AUTHENTICATION_REQUIRED",
      message: "the proxy PROXY (from VARIABLE) wants a name and a password",
      hint: "set VARIABLE=http://NAME:PASSWORD@HOST",
    },
    {
      title: "that wants another password",
      options: { credentials: "me:s3cret" },
      userinfo: "me:wr0ng@",
      code: "PROXY_AUTHENTICATION_REQUIRED",
      message:
        "the proxy PROXY (from VARIABLE) does not accept the name and the password it was given",
      hint: "set VARIABLE=http://NAME:PASSWORD@HOST",
    },
  ];
  const schemes = ["http", "https"] as const;
  const cases = schemes.flatMap((scheme) => refusals.map((refusal) => ({ scheme, ...refusal })));
  test.each(cases)("explains for $scheme one $title", async (refusal) => {
    const { scheme, options, userinfo = "", code, message, hint } = refusal;
    const proxy = await startProxy(options);
    const variable = `${scheme.toUpperCase()}_PROXY`;
    const environment = { [variable]: proxy.uri.replace("://", `://${userinfo}`) };
    const worded = (text: string) =>
      text
        .replace("PROXY", proxy.uri)
        .replace("VARIABLE", variable)
        .replace("HOST", proxy.uri.slice("http://".length));
    const error = await read(`${scheme}://mirror.example/file`, { environment }).catch((e) => e);
    expect(error).toMatchObject({ code, message: worded(message) });
    expect(error.hints).toEqual([worded(hint)]);
    expect(wordsOf(error)).not.toMatch(/s3cret|wr0ng/);
  });

  test.each(schemes)("names one that is not there, for %s", async (scheme) => {
    const uri = await refusingUri();
    const variable = `${scheme}_proxy`;
    const environment = { [variable]: uri.replace("://", "://me:s3cret@") };
    const error = await read(`${scheme}://mirror.example/file`, { environment }).catch((e) => e);
    expect(error).toMatchObject({
      code: "PROXY_FAILED",
      message: `cannot reach the proxy ${uri} (from ${variable}): the connection was refused`,
      hints: [`correct or unset ${variable}`, expect.stringContaining("NO_PROXY=mirror.example")],
    });
    expect(wordsOf(error)).not.toContain("s3cret");
  });

  test("names one that makes no tunnel", async () => {
    const proxy = await startProxy({ refusal: 403 });
    const environment = { https_proxy: proxy.uri };
    await expect(read("https://mirror.example/file", { environment })).rejects.toMatchObject({
      code: "PROXY_FAILED",
      message: `the proxy ${proxy.uri} (from https_proxy) refused to connect to mirror.example: HTTP 403`,
    });
  });
});

describe("a client with a CA file", () => {
  test("trusts its authorities besides those that Node knows", async () => {
    const [first, second] = await Promise.all([startTlsMirror(), startTlsMirror()]);
    const directory = await temporaryDirectory();
    const path = join(directory, "both.pem");
    const both = [first, second].map(
      ({ caFile }) => `# a comment\n${readFileSync(caFile, "utf8")}`,
    );
    await writeFile(path, both.join("\n"));
    const settings = { environment: {}, caFile: { path, origin: "TSMACHINE_CA_FILE" } };
    expect(await read(`${first.uri}/file`, settings)).toBe(content);
    expect(await read(`${second.uri}/file`, settings)).toBe(content);
  });

  test("keeps what NODE_EXTRA_CA_CERTS adds", async () => {
    const [own, extra] = await Promise.all([startTlsMirror(), startTlsMirror()]);
    const environment = { NODE_EXTRA_CA_CERTS: extra.caFile };
    const caFile = { path: own.caFile, origin: "TSMACHINE_CA_FILE" };
    expect(await read(`${extra.uri}/file`, { environment, caFile })).toBe(content);
  });

  test("says how to trust an authority that is not known", async () => {
    const { uri } = await startTlsMirror();
    const address = uri.slice("https://".length);
    await expect(read(`${uri}/file`, { environment: {} })).rejects.toMatchObject({
      code: "SERVER_UNTRUSTED",
      message: `cannot trust ${address}: its certificate is of an authority that is not known here`,
      hints: [expect.stringContaining("TSMACHINE_CA_FILE=/path/to/ca.pem")],
    });
  });

  test.each([
    ["cannot be read", undefined],
    ["does not hold certificates in PEM", "hello"],
    [
      "does not hold certificates in PEM",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ],
  ])("refuses a file that %s", async (problem, text) => {
    const path = join(await temporaryDirectory(), "ca.pem");
    if (text !== undefined) await writeFile(path, text);
    const settings = { environment: {}, caFile: { path, origin: "TSMACHINE_CA_FILE" } };
    await expect(read("https://127.0.0.1:1/file", settings)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: `the CA file ${path} (from TSMACHINE_CA_FILE) ${problem}`,
    });
  });
});

/** All that a message, a hint, the context or a cause says. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { message, stack, cause } = error;
  return [message, stack, JSON.stringify(error), wordsOf(cause)].join("\n");
}
