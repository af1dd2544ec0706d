import { expect, test } from "vitest";
import { headerLine, lineFor } from "../../e2e-kernels/table.ts";
import type { Outcome } from "../../e2e-kernels/try-pair.ts";

const pair = {
  ...{ series: "6.12", release: "6.12.117+deb13-cloud-amd64", suite: "trixie-security" },
  ...{ engine: "28.5.2", flags: [], note: "forky has expired: --allow-expired" },
};

test("a pair that works has all its times below their headers", () => {
  const outcome: Outcome = {
    ...{ pair, userland: "forky", isoBytes: 23_326_720, failure: undefined },
    seconds: { build: 0.24, boot: 6.5, ping: 18.91, container: 11 },
  };
  const line = lineFor(outcome);
  for (const [header, cell] of [
    ["SERIES", "6.12"],
    ["USERLAND", "forky"],
    ["ISO", "23.3 MB"],
    ["BUILD", "0.2 s"],
    ["PING", "18.9 s"],
    ["CONTAINER", "11.0 s"],
    ["RESULT", "ok"],
    ["NOTE", "forky has expired: --allow-expired"],
  ] as const) {
    expect(line.slice(headerLine.indexOf(header))).toMatch(new RegExp(`^${cell}`));
  }
});

test("a pair that fails has the times so far, and what went wrong", () => {
  const failure = { message: "create ended with 1: tsmachine: error: no", details: "console" };
  const outcome: Outcome = {
    ...{ pair: { ...pair, note: "" }, userland: undefined, isoBytes: undefined, failure },
    seconds: { build: 3 },
  };
  expect(lineFor(outcome)).toMatch(/3\.0 s +FAILED +create ended with 1: tsmachine: error: no\n$/);
});
