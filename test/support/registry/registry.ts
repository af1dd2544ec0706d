import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { registryRoot } from "../../../scripts/verify/unpacked/registry-root.ts";
import type { Authority } from "../../../src/certs/bundle.ts";
import { issueServerCertificate } from "../../../src/certs/issue.ts";
import { acceptsConnections } from "../../../src/host/accepts-connections.ts";
import { poll } from "../../../src/host/poll.ts";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";
import { isRunning, signalProcess } from "../../../src/host/processes/process-identity.ts";
import { spawnDetached } from "../../../src/host/processes/spawn-detached.ts";

/** Where Debian's registry has been unpacked for tests. */
export const hasRegistry = existsSync(registryRoot);

/** A registry of container images on this host's loopback address. */
export interface Registry extends AsyncDisposable {
  readonly port: number;
  /** What it has answered, by its own log: "GET registry.example:5000/v2/tiny/manifests/1 200". */
  answers(): Promise<string[]>;
}

export interface RegistrySettings {
  /** Where its images are; two registries may share it. */
  readonly storage: string;
  /** For TLS, with a certificate for these names; plain HTTP when absent. */
  readonly tls?: { readonly authority: Authority; readonly subjectNames: readonly string[] };
}

const limits = { everyMs: 50, timeoutMs: 30_000, signal: new AbortController().signal };

/** On disposal it has ended, and its folder is gone. */
export async function startRegistry({ storage, tls }: RegistrySettings): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), "tsmachine-registry-"));
  const [port = 0] = await freeLoopbackPorts(1);
  const configuration = join(folder, "config.json");
  const logPath = join(folder, "registry.log");
  await mkdir(storage, { recursive: true });
  // JSON is YAML, which the registry reads.
  await writeFile(
    configuration,
    JSON.stringify({
      version: "0.1",
      log: { level: "info", formatter: "json", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: storage } },
      http: {
        addr: `127.0.0.1:${port}`,
        // What it signs the state of uploads with.
        secret: "of tests",
        ...(tls && { tls: await writeBundle(folder, tls) }),
      },
    }),
  );
  const { identity } = await spawnDetached(
    join(registryRoot, "usr/bin/docker-registry"),
    ["serve", configuration],
    { cwd: folder, logPath, environment: process.env },
  );
  const registry: Registry = {
    port,
    async answers() {
      const lines = (await readFile(logPath, "utf8")).split("\n");
      return lines.flatMap((line) => answerOf(line) ?? []);
    },
    async [Symbol.asyncDispose]() {
      if (identity !== undefined) {
        await signalProcess(identity, "SIGTERM");
        await poll(async () => ((await isRunning(identity)) ? undefined : true), {
          ...{ ...limits, waitingFor: "the end of the registry" },
        });
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    const place = { address: "127.0.0.1", port };
    const isUp = () => acceptsConnections(place, { timeoutMs: 1_000, signal: limits.signal });
    await poll(async () => (await isUp()) || undefined, { ...limits, waitingFor: "the registry" });
    return registry;
  } catch (error) {
    await registry[Symbol.asyncDispose]();
    throw error;
  }
}

async function writeBundle(
  folder: string,
  { authority, subjectNames }: NonNullable<RegistrySettings["tls"]>,
) {
  const request = { machineName: "registry", subjectNames, now: new Date() };
  const bundle = await issueServerCertificate(authority, request);
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  await writeFile(certificate, bundle.certificate);
  await writeFile(key, bundle.key, { mode: 0o600 });
  return { certificate, key };
}

const answerSchema = z.object({
  msg: z.literal("response completed"),
  "http.request.host": z.string(),
  "http.request.method": z.string(),
  "http.request.uri": z.string(),
  "http.response.status": z.number(),
});

function answerOf(line: string): string | undefined {
  const { data } = answerSchema.safeParse(parseJson(line));
  if (data === undefined) return undefined;
  const { "http.request.host": host, "http.request.uri": uri } = data;
  return `${data["http.request.method"]} ${host}${uri} ${data["http.response.status"]}`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
