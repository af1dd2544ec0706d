import { describe, expect, test } from "vitest";
import { selectEngine } from "../../../../src/iso/offers/engine-choice.ts";
import type { EngineOffer } from "../../../../src/iso/offers/engine-offers.ts";
import { parseKernelChoice, selectKernel } from "../../../../src/iso/offers/kernel-choice.ts";
import type { KernelOffer } from "../../../../src/iso/offers/kernel-offers.ts";

const kernel = (release: string, packageVersion: string, suite: string): KernelOffer => {
  const [version = "", series = ""] = /^(\d+\.\d+)[^-]*/.exec(packageVersion) ?? [];
  return {
    ...{ release, packageVersion, suite, version, series, isCandidate: version.includes("rc") },
    ...{ flavour: release.includes("cloud") ? "cloud" : "full" },
    ...{ packages: [`linux-image-${release}`], without: [], sizeBytes: 1 },
  };
};

/** In the order that listOffers gives them. */
const kernels = [
  kernel("7.4-cloud-amd64", "7.4~rc1-1~exp1", "experimental"),
  kernel("7.3.4+deb13-cloud-amd64", "7.3.4-1~bpo13+1", "trixie-backports"),
  kernel("7.3-cloud-amd64", "7.3~rc7-1~exp1", "experimental"),
  kernel("6.12.107+deb13-cloud-amd64", "6.12.107-1", "trixie"),
  kernel("6.12.107+deb13-cloud-amd64", "6.12.107-1", "trixie-security"),
  kernel("6.12.107+deb13-amd64", "6.12.107-1", "trixie"),
  kernel("6.12.94+deb13-cloud-amd64", "6.12.94-1", "trixie"),
  kernel("6.1.0-50-cloud-amd64", "6.1.176-1", "bookworm"),
];
const notes = [{ suite: "sid", reason: "expired", hint: undefined }];

const chosen = (text: string, offers = { kernels, notes }) => {
  const { release, suite } = selectKernel(offers, parseKernelChoice(text));
  return `${release} ${suite}`;
};

describe("a choice of a kernel", () => {
  test.each([
    ["6.1", "6.1.0-50-cloud-amd64 bookworm"],
    ["6.12", "6.12.107+deb13-cloud-amd64 trixie"],
    [" 6.12-cloud ", "6.12.107+deb13-cloud-amd64 trixie"],
    ["6.12-full", "6.12.107+deb13-amd64 trixie"],
    ["6.12.94", "6.12.94+deb13-cloud-amd64 trixie"],
    ["6.12.107-full", "6.12.107+deb13-amd64 trixie"],
    ["6.12.107-1", "6.12.107+deb13-cloud-amd64 trixie"],
    ["6.12.107-1-full", "6.12.107+deb13-amd64 trixie"],
    ["6.12.107+deb13-amd64", "6.12.107+deb13-amd64 trixie"],
    ["6.1.0-50-cloud-amd64", "6.1.0-50-cloud-amd64 bookworm"],
    ["7.3", "7.3.4+deb13-cloud-amd64 trixie-backports"],
    ["7.3~rc7", "7.3-cloud-amd64 experimental"],
    ["7.3-rc7", "7.3-cloud-amd64 experimental"],
    ["7.4", "7.4-cloud-amd64 experimental"],
  ])("%s is %s", (text, expected) => {
    expect(chosen(text)).toBe(expected);
  });

  test.each(["", "six", "6", "cloud", "-6.1", "6.1 full", "linux-image-6.1"])(
    'is refused when it is "%s"',
    (text) => {
      expect(() => parseKernelChoice(text)).toThrow(
        expect.objectContaining({ code: "INVALID_INPUT" }),
      );
    },
  );

  test.each([
    ["6.5", "choose one of: 7.4, 7.3, 6.12, 6.1"],
    ["6.1-full", "choose one of: 6.1.176-cloud"],
    ["6.12.1", "choose one of: 6.12.107-cloud, 6.12.107-full, 6.12.94-cloud"],
    ["6.12.1-arm64", "choose one of: 6.12.107-cloud, 6.12.107-full, 6.12.94-cloud"],
  ])("that nobody offers, %s, is answered with what there is", (text, hint) => {
    expect(() => chosen(text)).toThrow(
      expect.objectContaining({
        ...{ code: "KERNEL_UNKNOWN", message: `no kernel "${text}" is offered` },
        hints: [hint, "see with `tsmachine kernel ls` why these suites were left out: sid"],
      }),
    );
  });

  test("needs no word on suites when all could be looked at", () => {
    expect(() => chosen("6.5", { kernels, notes: [] })).toThrow(
      expect.objectContaining({ hints: ["choose one of: 7.4, 7.3, 6.12, 6.1"] }),
    );
  });
});

const engine = (packageVersion: string, suite: string): EngineOffer => {
  const [version = "", series = ""] = /^(\d+\.\d+)[.\d]*/.exec(packageVersion) ?? [];
  return {
    ...{ packageVersion, suite, version, series, sizeBytes: 1 },
    ...{ containerdVersion: "1.7", runcVersion: "1.1" },
  };
};
const engines = [
  engine("26.1.5+dfsg1-9+deb13u1", "trixie"),
  engine("20.10.24+dfsg1-1", "bookworm"),
  engine("20.10.5+dfsg1-1", "bullseye"),
];

describe("a choice of an engine", () => {
  test.each([
    ["26.1", "trixie"],
    ["20.10", "bookworm"],
    ["20.10.5", "bullseye"],
    ["20.10.24+dfsg1-1", "bookworm"],
  ])("%s is that of %s", (choice, suite) => {
    expect(selectEngine({ engines, notes }, choice).suite).toBe(suite);
  });

  test("that nobody offers is answered with what there is", () => {
    expect(() => selectEngine({ engines, notes }, "28.5")).toThrow(
      expect.objectContaining({
        ...{ code: "ENGINE_UNKNOWN", message: 'no engine "28.5" is offered' },
        hints: [
          "choose one of: 26.1.5, 20.10.24, 20.10.5",
          "see with `tsmachine engine ls` why these suites were left out: sid",
        ],
      }),
    );
  });
});
