import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type QmpMessage, readMessages } from "../../../../src/providers/kvm/qmp/messages.ts";

async function messagesIn(chunks: readonly Buffer[]): Promise<QmpMessage[]> {
  async function* stream() {
    yield* chunks;
  }
  const messages: QmpMessage[] = [];
  for await (const message of readMessages(stream())) messages.push(message);
  return messages;
}

/** As QEMU 10.0 writes them. */
const samples: readonly { line: string; message: QmpMessage }[] = [
  {
    line: '{"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}, "package": "Debian"}, "capabilities": ["oob"]}}',
    message: { kind: "greeting" },
  },
  { line: '{"return": {}, "id": 1}', message: { kind: "success", id: 1, value: {} } },
  {
    line: '{"return": {"status": "running", "running": true}, "id": 2}',
    message: { kind: "success", id: 2, value: { status: "running", running: true } },
  },
  {
    line: '{"id": 3, "error": {"class": "CommandNotFound", "desc": "The command drücke has not been found"}}',
    message: {
      kind: "failure",
      id: 3,
      errorClass: "CommandNotFound",
      description: "The command drücke has not been found",
    },
  },
  {
    line: '{"error": {"class": "GenericError", "desc": "JSON parse error"}}',
    message: {
      kind: "failure",
      id: undefined,
      errorClass: "GenericError",
      description: "JSON parse error",
    },
  },
  {
    line: '{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-shutdown"}}',
    message: {
      kind: "event",
      event: { event: "SHUTDOWN", data: { guest: true, reason: "guest-shutdown" } },
    },
  },
];

test.each(samples)("$line is read", async ({ line, message }) => {
  expect(await messagesIn([Buffer.from(`${line}\r\n`)])).toEqual([message]);
});

test("messages are the same however the stream is cut into chunks", async () => {
  const stream = Buffer.from(samples.map(({ line }) => `${line}\n`).join(""));
  const cuts = fc.uniqueArray(fc.nat(stream.length), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(cuts, async (positions) => {
      const edges = [0, ...positions.sort((a, b) => a - b), stream.length];
      const chunks = edges.slice(1).map((end, index) => stream.subarray(edges[index], end));
      expect(await messagesIn(chunks)).toEqual(samples.map(({ message }) => message));
    }),
  );
});

describe("what is not QMP is refused", () => {
  test.each(["hello\n", "{}\n", '{"return": 1}\n', '{"error": "no"}\n', "[]\n", '{"QMP": null}\n'])(
    "%s",
    async (line) => {
      await expect(messagesIn([Buffer.from(line)])).rejects.toMatchObject({ code: "QMP_FAILED" });
    },
  );

  test("a line without an end", async () => {
    const chunks = Array.from({ length: 20 }, () => Buffer.alloc(100_000, "x"));
    await expect(messagesIn(chunks)).rejects.toMatchObject({
      code: "QMP_FAILED",
      message: expect.stringContaining("longer than 1 MiB"),
    });
  });
});
