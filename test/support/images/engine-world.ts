import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createAuthority } from "../../../src/certs/authority.ts";
import { issueClientCertificate, issueServerCertificate } from "../../../src/certs/issue.ts";
import type { EngineAddress } from "../../../src/core/engine/ask-engine.ts";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";
import { type FakeEngineOptions, startFakeEngine } from "../network/fake-engine.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

export interface EngineWorld {
  /** Where the engine is or will be, and a client's bundle that it lets in. */
  readonly address: EngineAddress;
  /** A bundle of somebody else's authority. */
  readonly strangersBundle: EngineAddress["bundle"];
  startEngine(options?: Partial<FakeEngineOptions>): Promise<void>;
}

/** An engine's address with certificates; nobody listens there yet. */
export async function engineWorld(): Promise<EngineWorld> {
  const now = new Date();
  const [authority, stranger] = [await createAuthority({ now }), await createAuthority({ now })];
  const subjectNames = ["127.0.0.1"];
  const server = await issueServerCertificate(authority, { machineName: "dev", subjectNames, now });
  const directory = join(await temporaryDirectory(), "machine");
  await mkdir(directory);
  await writeFile(join(directory, "ca.pem"), server.ca);
  await writeFile(join(directory, "server.pem"), server.certificate);
  await writeFile(join(directory, "server-key.pem"), server.key);
  const [port = 0] = await freeLoopbackPorts(1);
  return {
    address: {
      endpoint: { address: "127.0.0.1", dockerPort: port },
      bundle: await issueClientCertificate(authority, { now }),
    },
    strangersBundle: {
      ...(await issueClientCertificate(stranger, { now })),
      ca: authority.certificate,
    },
    async startEngine(options = {}) {
      const engine = await startFakeEngine({ port, directory, manner: "serving", ...options });
      onTestFinished(() => engine.close());
    },
  };
}
