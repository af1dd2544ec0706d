import type { IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { AskLimits, EngineAddress } from "./ask-engine.ts";
import { readAnswer } from "./read-answer.ts";

/** Connections to an engine that stay open, for whoever has many questions. */
export interface EngineConnection extends Disposable {
  /** @throws TsmachineError ENGINE_UNREACHABLE; the signal's reason when aborted. */
  get(path: string, limits: AskLimits): Promise<string>;
  /**
   * Follows a stream, and calls `onData` with whatever arrives. Resolves once the engine has begun to
   * answer, with a promise that is fulfilled when the stream ends, in whatever way.
   * @throws TsmachineError ENGINE_UNREACHABLE; the signal's reason when aborted before.
   */
  follow(
    path: string,
    limits: AskLimits & { onData(bytes: Buffer): void },
  ): Promise<{ ended: Promise<void> }>;
}

/** A thousand containers fill two MiB. */
const maxAnswerBytes = 1 << 24;

export function openEngineConnection({ endpoint, bundle }: EngineAddress): EngineConnection {
  const agent = new Agent({ keepAlive: true });
  const { address: host, dockerPort: port } = endpoint;
  const { ca, certificate: cert, key } = bundle;
  const connection = { ...{ host, port }, ...{ ca, cert, key }, agent };
  const unreachable = (why: string, cause?: unknown) =>
    new TsmachineError(
      "ENGINE_UNREACHABLE",
      `the engine at ${host}:${port} does not answer: ${why}`,
      {
        hints: ["see the machine's state with `tsmachine ls`"],
        cause,
      },
    );
  const ask = (options: RequestOptions, { timeoutMs, signal }: AskLimits) =>
    begin({ ...connection, ...options }, { timeoutMs, signal, unreachable });
  return {
    async get(path, limits) {
      const { response, settle } = await ask({ path }, limits);
      try {
        return await readAnswer(response, maxAnswerBytes);
      } catch (error) {
        limits.signal.throwIfAborted();
        throw unreachable("it hung up", error);
      } finally {
        settle();
      }
    },
    async follow(path, { onData, ...limits }) {
      const { response, settle } = await ask({ path }, limits);
      settle();
      // An error is an end, too, and comes before the close.
      response.on("data", onData).on("error", () => {});
      return { ended: new Promise((resolve) => response.once("close", resolve)) };
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

interface Asked extends AskLimits {
  unreachable(why: string, cause?: unknown): TsmachineError;
}

/** Asks, and waits for the answer to begin; the limits hold until it is settled. */
async function begin(options: RequestOptions, { timeoutMs, signal, unreachable }: Asked) {
  const asked = request(options);
  const abort = () => asked.destroy(new Error("aborted"));
  const timer = setTimeout(
    () => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  const settle = () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  };
  signal.addEventListener("abort", abort);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      asked.once("response", resolve).on("error", reject).end();
      if (signal.aborted) abort();
    });
    if (response.statusCode === 200) return { response, settle };
    asked.destroy();
    throw new Error(`status ${response.statusCode}`);
  } catch (error) {
    settle();
    signal.throwIfAborted();
    throw unreachable(error instanceof Error ? error.message : String(error), error);
  }
}
