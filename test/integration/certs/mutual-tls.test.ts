import { once } from "node:events";
import { connect, createServer, type TLSSocket } from "node:tls";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createAuthority } from "../../../src/certs/authority.ts";
import type { Authority, Bundle } from "../../../src/certs/bundle.ts";
import { issueClientCertificate, issueServerCertificate } from "../../../src/certs/issue.ts";

const now = new Date();
let authority: Authority;
let client: Bundle;
let strangersClient: Bundle;

beforeAll(async () => {
  authority = await createAuthority({ now });
  client = await issueClientCertificate(authority, { now });
  strangersClient = await issueClientCertificate(await createAuthority({ now }), { now });
});

/** Demands a client certificate, as dockerd does, and greets by the client's name. */
async function listen(subjectNames: string[]) {
  const server = await issueServerCertificate(authority, { machineName: "dev", subjectNames, now });
  const { ca, certificate: cert, key } = server;
  const listener = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true });
  const refusals: string[] = [];
  listener.on("tlsClientError", (error) => refusals.push(error.message));
  listener.on("secureConnection", (socket) =>
    socket.end(`hello ${socket.getPeerCertificate().subject.CN}`),
  );
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  onTestFinished(() => void listener.close());
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return { port: address.port, refusals };
}

async function greetingFor(port: number, { ca, certificate: cert, key }: Partial<Bundle>) {
  const socket = connect({
    host: "127.0.0.1",
    port,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  });
  onTestFinished(() => void socket.destroy());
  return readAll(socket);
}

async function readAll(socket: TLSSocket): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of socket) chunks.push(String(chunk));
  return chunks.join("");
}

/** In TLS 1.3 a client learns of its refusal late: by an alert, a reset or a plain end. */
async function expectNoGreeting(port: number, bundle: Partial<Bundle>): Promise<void> {
  expect(await greetingFor(port, bundle).catch(() => "")).toBe("");
}

describe("a mutual TLS handshake", () => {
  test("succeeds between parties of one authority", async () => {
    const { port, refusals } = await listen(["127.0.0.1"]);
    expect(await greetingFor(port, client)).toBe("hello tsmachine client");
    expect(refusals).toEqual([]);
  });

  test("is refused to another authority's client", async () => {
    const { port, refusals } = await listen(["127.0.0.1"]);
    await expectNoGreeting(port, { ...strangersClient, ca: authority.certificate });
    expect(refusals).toHaveLength(1);
  });

  test("is refused to a client without a certificate", async () => {
    const { port, refusals } = await listen(["127.0.0.1"]);
    await expectNoGreeting(port, { ca: authority.certificate });
    expect(refusals).toHaveLength(1);
  });

  test("fails when the client trusts another authority", async () => {
    const { port } = await listen(["127.0.0.1"]);
    const { ca } = strangersClient;
    await expect(greetingFor(port, { ...client, ca })).rejects.toThrow(/self-signed|verify/);
  });

  test("fails when the server's certificate lacks the address", async () => {
    const { port } = await listen(["192.0.2.7"]);
    await expect(greetingFor(port, client)).rejects.toThrow(
      /127\.0\.0\.1 is not in the cert's list/,
    );
  });
});
