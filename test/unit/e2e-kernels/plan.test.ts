import { expect, test } from "vitest";
import type { Offered } from "../../e2e-kernels/offers.ts";
import { planPairs } from "../../e2e-kernels/plan.ts";
import { parseSettings } from "../../e2e-kernels/settings.ts";

const kernel = (
  release: string,
  { suite = "trixie", flavour = "cloud" as "cloud" | "full", isExpired = false } = {},
) => ({
  isExpired,
  offer: {
    ...{ series: /^\d+\.\d+/.exec(release)?.[0] ?? "", version: release, release, flavour, suite },
    ...{ packageVersion: "1", isCandidate: false, packages: [], without: [], sizeBytes: 1 },
  },
});

const engine = (version: string, suite: string, isExpired = false) => ({
  isExpired,
  offer: {
    ...{ series: /^\d+\.\d+/.exec(version)?.[0] ?? "", version, suite },
    ...{ packageVersion: version, containerdVersion: "1", runcVersion: "1", sizeBytes: 1 },
  },
});

const offered: Offered = {
  kernels: [
    kernel("7.3~rc7", { suite: "experimental", isExpired: true }),
    kernel("7.3.4", { suite: "trixie-backports" }),
    kernel("6.12.117", { suite: "trixie-security" }),
    kernel("6.12.117-full", { suite: "trixie-security", flavour: "full" }),
    kernel("6.12.107"),
    kernel("6.1.0-56", { suite: "bookworm" }),
    kernel("5.10.0-46", { suite: "bullseye" }),
  ],
  engines: [
    engine("28.5.2", "forky", true),
    engine("26.1.5", "trixie"),
    engine("20.10.24", "bookworm"),
    engine("20.10.5", "bullseye"),
  ],
  standard: {
    boot: { version: "6.12.107", suites: ["trixie"], fileBytes: {} },
    engine: { version: "26.1.5", suites: ["trixie"], fileBytes: {} },
  },
};

const plan = (...args: string[]) =>
  planPairs(offered, parseSettings(args)).map(
    ({ release, engine, flags }) => `${release} ${engine} ${flags.join(" ")}`,
  );

test("every series' newest kernel gets the standard engine, the standard series every engine", () => {
  expect(plan()).toEqual([
    "5.10.0-46 26.1.5 --kernel 5.10-cloud",
    "6.1.0-56 26.1.5 --kernel 6.1-cloud",
    "6.12.117 26.1.5 --kernel 6.12-cloud",
    "7.3.4 26.1.5 --kernel 7.3-cloud",
    "6.12.117 20.10.24 --kernel 6.12-cloud --engine-version 20.10",
    "6.12.117 28.5.2 --kernel 6.12-cloud --engine-version 28.5 --allow-expired",
  ]);
});

test("a suite that has expired is named in the note", () => {
  const notes = planPairs(offered, parseSettings([])).map(({ note }) => note);
  expect(notes.filter((note) => note !== "")).toEqual(["forky has expired: --allow-expired"]);
});

test("kernels are chosen by series, flavour and engine", () => {
  expect(plan("--only", "6.1", "--engine", "20.10.5")).toEqual([
    "6.1.0-56 20.10.5 --kernel 6.1-cloud --engine-version 20.10.5",
  ]);
  expect(plan("--flavour", "full", "--engine", "26.1")).toEqual([
    "6.12.117-full 26.1.5 --kernel 6.12-full --engine-version 26.1",
  ]);
});

test("the ends are the oldest kernel, the one without a flag and the newest", () => {
  expect(plan("--ci")).toEqual([
    "5.10.0-46 26.1.5 --kernel 5.10-cloud",
    "6.12.107 26.1.5 ",
    "7.3.4 26.1.5 --kernel 7.3-cloud",
  ]);
});

test.each([{ args: ["--only", "4.19"] }, { args: ["--engine", "1.13"] }])(
  "$args is refused when nothing is offered by that name",
  ({ args }) => {
    expect(() => plan(...args)).toThrow(/Debian offers no/);
  },
);
