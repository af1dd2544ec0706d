import type { X509Certificate } from "node:crypto";
import type { PeerCertificate } from "node:tls";
import * as z from "zod";
import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { readAnswer } from "./read-answer.ts";

/** Where an engine is and the bundle that it lets in; PEM. */
export interface EngineAddress {
  readonly endpoint: { readonly address: string; readonly dockerPort: number };
  readonly bundle: { readonly ca: string; readonly certificate: string; readonly key: string };
  /** The name that the engine's certificate must be for; the endpoint's address when absent. */
  readonly certifiedName?: string;
}

export interface AskLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const maxAnswerBytes = 1 << 20;

/**
 * The certificate of the engine, which answers over mutual TLS; undefined when it does not. Never throws
 * but for the signal's reason.
 */
export async function pingEngine(
  address: EngineAddress,
  limits: AskLimits,
): Promise<X509Certificate | undefined> {
  try {
    const { text, certificate } = await get(address, "/_ping", limits);
    return text === "OK" ? certificate : undefined;
  } catch {
    limits.signal.throwIfAborted();
    return undefined;
  }
}

const versionSchema = z.looseObject({ Version: z.string() });

/**
 * The engine's version: "26.1.5+dfsg1".
 * @throws TsmachineError ENGINE_UNREACHABLE
 */
export async function askEngineVersion(address: EngineAddress, limits: AskLimits): Promise<string> {
  try {
    return parseVersion((await get(address, "/version", limits)).text);
  } catch (cause) {
    limits.signal.throwIfAborted();
    const { endpoint } = address;
    const reason = messageOf(cause);
    throw new TsmachineError(
      "ENGINE_UNREACHABLE",
      `the engine at ${endpoint.address}:${endpoint.dockerPort} does not answer: ${reason}`,
      { hints: ["see the machine's state with `tsmachine ls`"], cause },
    );
  }
}

function parseVersion(text: string): string {
  try {
    return versionSchema.parse(JSON.parse(text)).Version;
  } catch (cause) {
    throw new Error("what it says is no engine's version", { cause });
  }
}

interface Answer {
  readonly text: string;
  /** The server's. */
  readonly certificate: X509Certificate | undefined;
}

async function get(
  { endpoint, bundle, certifiedName }: EngineAddress,
  path: string,
  limits: AskLimits,
): Promise<Answer> {
  // Loaded here because commands that only read records never ask an engine.
  const { request } = await import("node:https");
  const { checkServerIdentity, TLSSocket } = await import("node:tls");
  // Kept by the listeners below: a combined signal alone does not keep its sources, and a time-out
  // that is collected never comes (https://github.com/nodejs/node/issues/57736).
  const expired = AbortSignal.timeout(limits.timeoutMs);
  const signal = AbortSignal.any([limits.signal, expired]);
  return await new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(expired.aborted ? new Error(`no answer within ${limits.timeoutMs} ms`) : error);
    const options = {
      ...{ host: endpoint.address, port: endpoint.dockerPort, path, signal },
      ...{ ca: bundle.ca, cert: bundle.certificate, key: bundle.key },
      agent: false,
      checkServerIdentity: (host: string, certificate: PeerCertificate) =>
        checkServerIdentity(certifiedName ?? host, certificate),
    };
    const asked = request(options, (response) => {
      const { socket } = response;
      const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
      readAnswer(response, maxAnswerBytes).then((text) => resolve({ text, certificate }), fail);
    });
    asked.on("error", fail);
    asked.end();
  });
}
