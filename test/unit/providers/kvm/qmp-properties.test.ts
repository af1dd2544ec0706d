import fc from "fast-check";
import { expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { readMessages } from "../../../../src/providers/kvm/qmp/messages.ts";

const valid = Buffer.from(
  [
    '{"QMP": {"version": {}, "capabilities": []}}',
    '{"return": {"status": "running"}, "id": 2}',
    '{"error": {"class": "GenericError", "desc": "no"}, "id": 3}',
    '{"event": "SHUTDOWN", "data": {"guest": true}}',
    "",
  ].join("\n"),
);

async function readOrRefused(chunks: readonly Uint8Array[]): Promise<void> {
  async function* stream() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  try {
    for await (const { kind } of readMessages(stream())) {
      expect(["greeting", "success", "failure", "event"]).toContain(kind);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(TsmachineError);
    expect(error).toMatchObject({ code: "QMP_FAILED" });
  }
}

test("what the control socket says is understood or refused, whatever the bytes", async () => {
  const chunk = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => Buffer.from(`${text}\n`)),
    fc
      .tuple(fc.nat(valid.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }))
      .map(([position, noise]) => {
        const noisy = Buffer.from(valid);
        noisy.set(noise.subarray(0, valid.length - position), position);
        return noisy;
      }),
  );
  await fc.assert(fc.asyncProperty(fc.array(chunk, { maxLength: 4 }), readOrRefused), {
    numRuns: 500,
  });
});

test("a line that nests deeper than any stack is understood or refused", async () => {
  const deep = `{"return": ${"[".repeat(400_000)}${"]".repeat(400_000)}, "id": 1}\n`;
  await readOrRefused([Buffer.from(deep)]);
});
