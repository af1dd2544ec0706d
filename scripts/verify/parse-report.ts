import { basename } from "node:path";
import * as z from "zod";
import type { Result } from "./summary.ts";

/** The part of vitest's JSON report that is looked at; it has the form of Jest's. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.enum(["passed", "failed"]),
      message: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

type File = z.infer<typeof reportSchema>["testResults"][number];

/**
 * What came of each test. What fails without a test that does, such as a file that cannot be loaded or
 * vitest itself, is a failure too: nothing that failed may look as if it had passed.
 * @param text undefined when vitest ended without a report
 */
export function parseReport(text: string | undefined, exitStatus: number): Result {
  const files = text === undefined ? [] : reportSchema.parse(JSON.parse(text)).testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const failures = files.flatMap(failuresOf);
  return {
    passed: tests.filter(({ status }) => status === "passed").length,
    failures:
      failures.length === 0 && exitStatus !== 0 ? [`vitest ended with ${exitStatus}`] : failures,
    skipped: tests
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ fullName }) => fullName),
    durations: files.map(({ name, startTime, endTime }) => ({
      ...{ what: basename(name), ms: endTime - startTime },
    })),
  };
}

function failuresOf({ name, status, message, assertionResults }: File): string[] {
  const failed = assertionResults.filter((test) => test.status === "failed");
  if (status === "failed" && failed.length === 0)
    return [`${basename(name)}: ${firstLine(message)}`];
  return failed.map(
    ({ fullName, failureMessages }) =>
      `${basename(name)}: ${fullName}: ${firstLine(failureMessages?.[0] ?? "")}`,
  );
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
