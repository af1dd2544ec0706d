import type { IncomingMessage } from "node:http";

/**
 * The body of an engine's answer, as text.
 * @throws Error when it is longer than that many bytes, or breaks off
 */
export async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > maxBytes) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
