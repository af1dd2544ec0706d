// QEMU Machine Protocol: one JSON object a line, in UTF-8.
// https://www.qemu.org/docs/master/interop/qmp-spec.html
import * as z from "zod";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";

const greetingSchema = z.object({
  QMP: z.object({ version: z.unknown(), capabilities: z.array(z.unknown()) }),
});
const eventSchema = z.object({
  event: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
});
const successSchema = z.object({ return: z.unknown(), id: z.number().int() });
const failureSchema = z.object({
  error: z.object({ class: z.string(), desc: z.string() }),
  // Missing when QEMU could not read the command.
  id: z.number().int().optional(),
});

export type QmpEvent = z.infer<typeof eventSchema>;

export type QmpMessage =
  | { readonly kind: "greeting" }
  | { readonly kind: "event"; readonly event: QmpEvent }
  | { readonly kind: "success"; readonly id: number; readonly value: unknown }
  | {
      readonly kind: "failure";
      readonly id: number | undefined;
      readonly errorClass: string;
      readonly description: string;
    };

const messageSchema = z.union([
  greetingSchema.transform((): QmpMessage => ({ kind: "greeting" })),
  eventSchema.transform((event): QmpMessage => ({ kind: "event", event })),
  failureSchema.transform(
    ({ error, id }): QmpMessage => ({
      kind: "failure",
      id,
      errorClass: error.class,
      description: error.desc,
    }),
  ),
  successSchema.transform(
    (message): QmpMessage => ({ kind: "success", id: message.id, value: message.return }),
  ),
]);

/** Far above what the commands used here answer; bounds the memory a broken peer can take. */
const maximumLineBytes = 1 << 20;

/** The messages in a stream of bytes, until it ends. @throws TsmachineError QMP_FAILED. */
export async function* readMessages(chunks: AsyncIterable<Buffer>): AsyncGenerator<QmpMessage> {
  for await (const line of readLines(chunks)) yield parseMessage(line);
}

async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let begin = 0;
    for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", begin)) {
      const line = Buffer.concat([...pending, chunk.subarray(begin, end)]).toString("utf8");
      pending = [];
      pendingBytes = 0;
      begin = end + 1;
      if (line.trim() !== "") yield line;
    }
    pending.push(chunk.subarray(begin));
    pendingBytes += chunk.length - begin;
    if (pendingBytes > maximumLineBytes) throw unintelligible("a line is longer than 1 MiB");
  }
}

function parseMessage(line: string): QmpMessage {
  try {
    return messageSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw unintelligible("a line is not a message of QMP", cause);
  }
}

function unintelligible(why: string, cause?: unknown): TsmachineError {
  return new TsmachineError("QMP_FAILED", `QEMU's control socket cannot be understood: ${why}`, {
    cause,
  });
}
