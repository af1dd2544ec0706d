import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { confirm } from "../../../src/cli/prompts.ts";
import { recordingStream } from "./streams.ts";

const question = "Are you sure?";

function ask(input: PassThrough, signal = new AbortController().signal) {
  const { stream: output, written } = recordingStream();
  const answer = confirm(question, { input, output, signal, remedy: "add -y to answer yes" });
  return { answer, written };
}

describe("a question without a terminal", () => {
  it.each([
    { line: "y\n", answer: true },
    { line: "Yes\n", answer: true },
    { line: "y", answer: true },
    { line: "n\n", answer: false },
    { line: "\n", answer: false },
    { line: "maybe\ny\n", answer: false },
  ])("is answered by the first line of the input: $line", async ({ line, answer }) => {
    const asked = ask(new PassThrough().end(line));
    expect(await asked.answer).toBe(answer);
    expect(asked.written()).toBe("Are you sure? (y/n): \n");
  });

  it("is refused with a hint when the input is closed", async () => {
    await expect(ask(new PassThrough().end()).answer).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: 'no answer to "Are you sure?"',
      hints: ["add -y to answer yes"],
    });
  });

  it("is withdrawn when the command is cancelled", async () => {
    const controller = new AbortController();
    const { answer } = ask(new PassThrough(), controller.signal);
    controller.abort();
    await expect(answer).rejects.toBe(controller.signal.reason);
  });
});
