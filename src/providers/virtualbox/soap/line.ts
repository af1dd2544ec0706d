import http from "node:http";
import https from "node:https";
import { messageOf } from "../../../errors/message-of.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { virtualBoxFailed } from "../failure.ts";
import { parseFault } from "./fault.ts";

/** The way to one service, kept open between calls. */
export interface Line {
  /**
   * Sends an envelope and gives back the answer.
   * @throws TsmachineError VIRTUALBOX_FAILED, INSTANCE_LOCKED, TIMEOUT; the signal's reason when aborted.
   */
  send(envelope: string, call: Call): Promise<string>;
  /** A service ends only when its lines are closed. */
  close(): void;
}

export interface Call {
  /** The method's name, for messages. */
  readonly method: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * Goes straight to the service, by no proxy and no redirection, because envelopes may hold a password.
 * Nothing is opened before the first call.
 */
export function openLine(url: string): Line {
  const { Agent, request } = url.startsWith("https:") ? https : http;
  const agent = new Agent({ keepAlive: true });
  const exchange = (envelope: string, signal: AbortSignal) =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      const headers = { "content-type": "text/xml; charset=utf-8", soapaction: '""' };
      const sent = request(url, { method: "POST", agent, headers, signal }, resolve);
      sent.once("error", reject);
      sent.end(envelope);
    });
  return {
    async send(envelope, { method, signal, timeoutMs }) {
      const limit = AbortSignal.timeout(timeoutMs);
      let answer: string;
      try {
        answer = await textOf(await exchange(envelope, AbortSignal.any([signal, limit])));
      } catch (error) {
        signal.throwIfAborted();
        throw limit.aborted ? tooSlow(url, timeoutMs) : silent(url, error);
      }
      const failure = parseFault(answer);
      if (failure !== undefined) throw virtualBoxFailed(failure, [method]);
      if (!answer.includes("Envelope")) throw silent(url, "what answers is no web service");
      return answer;
    },
    close: () => agent.destroy(),
  };
}

/** More than any answer about machines takes. */
const maxBytes = 16 * 1024 * 1024;

async function textOf(response: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`an answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function tooSlow(url: string, timeoutMs: number): TsmachineError {
  return new TsmachineError(
    "TIMEOUT",
    `VirtualBox's web service at ${url} did not answer within ${timeoutMs} ms`,
  );
}

function silent(url: string, cause: unknown): TsmachineError {
  return new TsmachineError(
    "VIRTUALBOX_FAILED",
    `VirtualBox's web service at ${url} does not answer: ${messageOf(cause)}`,
    {
      hints: [
        "start vboxwebsrv on that host, or see what its log says; of https, this host must trust its certificate: name its authority's file in NODE_EXTRA_CA_CERTS",
      ],
      cause,
    },
  );
}
