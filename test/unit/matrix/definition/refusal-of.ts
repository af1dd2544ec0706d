import { expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { parseMatrix } from "../../../../src/matrix/definition/parse-matrix.ts";

export const axes = "kernel: 6.1\nengine: 26.1\n";
/** A definition of three lines. */
export const whole = `${axes}workloads: [{name: w, run: [x]}]\n`;

/** A definition with further keys of its workload, which begin at 6:5. */
export function withWorkload(keys: string): string {
  return `${axes}workloads:\n  - name: w\n    run: [x]\n    ${keys}\n`;
}

/** Texts, and what is said of each: the message after the file's name, and the hint. */
export type RefusedTexts = Readonly<
  Record<string, readonly [text: string, message: string, hint: RegExp]>
>;

export function testRefusals(texts: RefusedTexts): void {
  test.each(Object.entries(texts))("%s", async (_, [text, message, hint]) => {
    const error = await refusalOf(text);
    expect(error.message).toBe(`matrix.yaml:${message}`);
    expect(error.hints).toEqual([expect.stringMatching(hint)]);
  });
}

export async function refusalOf(text: string): Promise<TsmachineError> {
  const error = await parseMatrix(text, { path: "matrix.yaml" }).catch((thrown: unknown) => thrown);
  if (!(error instanceof TsmachineError)) throw new Error("nothing was refused", { cause: error });
  expect(error.code).toBe("INVALID_INPUT");
  return error;
}
