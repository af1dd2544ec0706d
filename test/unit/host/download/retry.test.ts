import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../../src/errors/codes.ts";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { withRetries } from "../../../../src/host/download/retry.ts";

type Context = Readonly<Record<string, unknown>>;
const failure = (code: ErrorCode, context: Context = {}) =>
  new TsmachineError(code, "it failed", { context });

/** Fails that often, on a clock of its own. */
function failing(times: number, error: Error, { attemptMs = 0 } = {}) {
  let nowMs = 0;
  let attempts = 0;
  const waits: number[] = [];
  const lines: string[] = [];
  const attempt = async () => {
    attempts += 1;
    nowMs += attemptMs;
    if (attempts <= times) throw error;
    return "done";
  };
  const options = {
    signal: new AbortController().signal,
    report: (line: string) => lines.push(line),
    now: () => nowMs,
    sleep: async (durationMs: number) => {
      waits.push(durationMs);
      nowMs += durationMs;
    },
  };
  return { run: () => withRetries(attempt, options), attempts: () => attempts, waits, lines };
}

describe("withRetries", () => {
  test("waits longer each time and says so", async () => {
    const { run, waits, lines } = failing(3, failure("TIMEOUT"));
    expect(await run()).toBe("done");
    expect(waits).toEqual([1000, 3000, 9000]);
    expect(lines).toEqual([1, 3, 9].map((seconds) => `it failed; trying again in ${seconds} s`));
  });

  test("gives up after four attempts", async () => {
    const error = failure("TIMEOUT");
    const { run, attempts } = failing(Number.POSITIVE_INFINITY, error);
    await expect(run()).rejects.toBe(error);
    expect(attempts()).toBe(4);
  });

  test("begins no attempt after two minutes", async () => {
    const error = failure("TIMEOUT");
    const { run, attempts } = failing(9, error, { attemptMs: 60_000 });
    await expect(run()).rejects.toBe(error);
    expect(attempts()).toBe(2);
  });

  const table: [code: ErrorCode, context: Context, attempts: number][] = [
    ["NETWORK_UNREACHABLE", { systemCode: "ECONNREFUSED" }, 2],
    ["NETWORK_UNREACHABLE", { systemCode: "EAI_AGAIN" }, 2],
    ["NETWORK_UNREACHABLE", { systemCode: "UND_ERR_SOCKET" }, 2],
    ["NETWORK_UNREACHABLE", { systemCode: "ENOTFOUND" }, 1],
    ["NETWORK_UNREACHABLE", { systemCode: "ERR_INVALID_URL" }, 1],
    ["NETWORK_UNREACHABLE", { systemCode: "ERR_SSL_WRONG_VERSION_NUMBER" }, 1],
    ["NETWORK_UNREACHABLE", {}, 1],
    ["TIMEOUT", {}, 2],
    ["PROXY_FAILED", { systemCode: "ECONNREFUSED" }, 2],
    ["PROXY_FAILED", { status: 503 }, 2],
    ["PROXY_FAILED", { status: 403 }, 1],
    ...[408, 429, 500, 502, 503, 504].map((status): [ErrorCode, Context, number] => [
      "DOWNLOAD_FAILED",
      { status },
      2,
    ]),
    ...[400, 401, 403, 404, 410, 501].map((status): [ErrorCode, Context, number] => [
      "DOWNLOAD_FAILED",
      { status },
      1,
    ]),
    ["DOWNLOAD_CORRUPT", {}, 1],
    ["DOWNLOAD_TOO_LARGE", {}, 1],
    ["SIGNATURE_INVALID", {}, 1],
    ["SERVER_UNTRUSTED", {}, 1],
    ["PROXY_AUTHENTICATION_REQUIRED", {}, 1],
  ];
  test.each(table)("after %s %o makes %i attempts", async (code, context, expected) => {
    const { run, attempts } = failing(1, failure(code, context));
    await run().catch(() => {});
    expect(attempts()).toBe(expected);
  });

  test("leaves a server alone for as long as it asks", async () => {
    const { run, waits } = failing(
      1,
      failure("DOWNLOAD_FAILED", { status: 429, retryAfterMs: 7000 }),
    );
    await run();
    expect(waits).toEqual([7000]);
  });

  test("gives up at once when a server asks for more than a minute", async () => {
    const error = failure("DOWNLOAD_FAILED", { status: 503, retryAfterMs: 61_000 });
    const { run, waits } = failing(1, error);
    await expect(run()).rejects.toBe(error);
    expect(waits).toEqual([]);
  });

  test("passes on what is no failure of a download", async () => {
    const bug = new Error("a bug");
    const { run, attempts } = failing(1, bug);
    await expect(run()).rejects.toBe(bug);
    expect(attempts()).toBe(1);
  });
});
