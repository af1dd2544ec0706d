import { createReadStream } from "node:fs";
import { request } from "node:https";
import { pipeline } from "node:stream/promises";
import { parseJson } from "../../bytes/parse-json.ts";
import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { AskLimits, EngineAddress } from "./ask-engine.ts";
import { readAnswer } from "./read-answer.ts";

const maxAnswerBytes = 1 << 20;

/**
 * Has the engine load an archive of images, as `docker load` does; see POST /images/load of the Engine
 * API.
 * @throws TsmachineError FILE_UNREADABLE for the archive; ENGINE_UNREACHABLE, with `context.isLate` when its time was over; IMAGE_REFUSED with the engine's words when
 *   it does not take the archive; the signal's reason when aborted.
 */
export async function loadImage(
  { endpoint, bundle }: EngineAddress,
  path: string,
  { timeoutMs, signal }: AskLimits,
): Promise<void> {
  const expired = AbortSignal.timeout(timeoutMs);
  const asked = request({
    ...{ host: endpoint.address, port: endpoint.dockerPort, method: "POST", agent: false },
    ...{ ca: bundle.ca, cert: bundle.certificate, key: bundle.key },
    path: "/images/load?quiet=1",
    headers: { "content-type": "application/x-tar" },
    signal: AbortSignal.any([signal, expired]),
  });
  const answer = new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    asked.on("error", reject);
    asked.on("response", (response) => {
      const { statusCode: status } = response;
      readAnswer(response, maxAnswerBytes).then((text) => resolve({ status, text }), reject);
    });
  });
  const file = createReadStream(path);
  const unreadable = new Promise<never>((_resolve, reject) => {
    file.once("error", (cause) => reject(fileUnreadable(path, cause)));
  });
  try {
    // An engine that refuses an archive answers before it has read all of it.
    const sent = pipeline(file, asked).catch(() => undefined);
    const { status, text } = await Promise.race([answer, unreadable]);
    await sent;
    const words = status === 200 ? errorIn(text) : (wordsIn(text) ?? `status ${status}`);
    if (words !== undefined) throw notTaken(path, words);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof TsmachineError) throw cause;
    const why = expired.aborted ? `no answer within ${timeoutMs} ms` : messageOf(cause);
    throw new TsmachineError(
      "ENGINE_UNREACHABLE",
      `the engine at ${endpoint.address}:${endpoint.dockerPort} did not load ${path}: ${why}`,
      {
        hints: ["see the machine's state with `tsmachine ls`"],
        ...{ context: { isLate: expired.aborted }, cause },
      },
    );
  } finally {
    file.destroy();
  }
}

/** The engine answers in lines of JSON, and has begun with status 200 when it finds an error. */
function errorIn(text: string): string | undefined {
  for (const line of text.split("\n")) {
    const value = parseJson(line);
    if (typeof value !== "object" || value === null || !("error" in value)) continue;
    return String(value.error);
  }
  return undefined;
}

function wordsIn(text: string): string | undefined {
  const value = parseJson(text);
  return typeof value === "object" && value !== null && "message" in value
    ? String(value.message)
    : undefined;
}

function fileUnreadable(path: string, cause: unknown): TsmachineError {
  return new TsmachineError("FILE_UNREADABLE", `${path} cannot be read`, {
    hints: ["give an archive that you may read, as `docker save` writes it"],
    cause,
  });
}

function notTaken(path: string, words: string): TsmachineError {
  return new TsmachineError("IMAGE_REFUSED", `the engine does not load ${path}: ${words}`, {
    hints: ["give an archive as `docker save` writes it"],
    context: { path },
  });
}
