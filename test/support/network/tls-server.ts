import { writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createAuthority } from "../../../src/certs/authority.ts";
import { issueServerCertificate } from "../../../src/certs/issue.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { listenOnLoopback } from "./listen.ts";

export interface TlsServer {
  /** https://127.0.0.1:PORT */
  readonly uri: string;
  /** PEM file of the authority that nobody else knows. */
  readonly caFile: string;
}

/** An HTTPS server of a private authority, for mirror.example too, until the running test ends. */
export async function startTlsServer(listener: RequestListener): Promise<TlsServer> {
  const now = new Date();
  const authority = await createAuthority({ now });
  const subjectNames = ["127.0.0.1", "mirror.example"];
  const bundle = await issueServerCertificate(authority, { machineName: "x", subjectNames, now });
  const server = createServer({ cert: bundle.certificate, key: bundle.key }, listener);
  // Clients that do not believe the certificate hang up.
  server.on("tlsClientError", () => {});
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const port = await listenOnLoopback(server);
  const caFile = join(await temporaryDirectory(), "ca.pem");
  await writeFile(caFile, authority.certificate);
  return { uri: `https://127.0.0.1:${port}`, caFile };
}
