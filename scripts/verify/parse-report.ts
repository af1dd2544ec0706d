import * as z from "zod";
import type { Result } from "./summary.ts";

/** The part of vitest's JSON report that is looked at; it has the form of Jest's. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      status: z.enum(["passed", "failed"]),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/**
 * Counts tests. What fails without a test that does, such as a file that cannot be loaded or
 * vitest itself, counts as one: nothing that failed may look as if it had passed.
 * @param text undefined when vitest ended without a report
 */
export function parseReport(text: string | undefined, exitStatus: number): Result {
  const files = text === undefined ? [] : reportSchema.parse(JSON.parse(text)).testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const count = (wanted: string) => tests.filter(({ status }) => status === wanted).length;
  const failedFiles = files.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  const failed = count("failed") + failedFiles.length;
  return {
    passed: count("passed"),
    failed: failed === 0 && exitStatus !== 0 ? 1 : failed,
    skipped: tests
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ fullName }) => fullName),
  };
}
