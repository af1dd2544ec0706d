import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkKernelConfig } from "../../../../../src/iso/kernel/config/check-config.ts";
import {
  type KernelConfig,
  parseKernelConfig,
} from "../../../../../src/iso/kernel/config/kernel-config.ts";
import {
  type Requirement,
  readRequirements,
} from "../../../../../src/iso/kernel/config/requirements.ts";
import { projectFolder } from "../../../../support/project-files.ts";

const configOf = (...options: [string, string][]): KernelConfig => ({
  series: "6.12",
  options: new Map(options),
});

const wanted = (changes: Partial<Requirement> = {}): Requirement => ({
  ...{ group: "network", title: "pairs", level: "required", anyOf: ["VETH"] },
  ...{ without: "no network", ...changes },
});

describe("a requirement", () => {
  test.each([
    ["y", { status: "ok", option: "VETH", value: "y" }],
    ["m", { status: "ok", option: "VETH", value: "m" }],
    ["250", { status: "missing" }],
  ])("of an option that is %s", (value, expected) => {
    const report = checkKernelConfig(configOf(["VETH", value]), { series: "6.12" }, [wanted()]);
    const { group, title, level, anyOf, without } = wanted();
    const requirement = { group, title, level, anyOf, without, ...expected };
    expect(report).toEqual({
      ...{ series: "6.12", isSufficient: expected.status === "ok" },
      requirements: [requirement],
    });
  });

  test("is met by one of its options", () => {
    const table = [wanted({ anyOf: ["OLD", "NEW"] })];
    const report = checkKernelConfig(configOf(["NEW", "m"]), { series: "6.12" }, table);
    expect(report.requirements).toMatchObject([{ status: "ok", option: "NEW" }]);
  });

  test.each(["recommended", "optional"] as const)("that is %s may be missing", (level) => {
    const report = checkKernelConfig(configOf(), { series: "6.12" }, [wanted({ level })]);
    expect(report.isSufficient).toBe(true);
    expect(report.requirements).toMatchObject([{ status: "missing" }]);
  });

  test.each([
    [{ until: "5.16" }, "5.16", true],
    [{ until: "5.16" }, "5.9", true],
    [{ until: "5.16" }, "5.17", false],
    [{ since: "6.9" }, "6.8", false],
    [{ since: "6.9" }, "6.12", true],
    [{ since: "5.1", until: "6.0" }, "6.1", false],
  ])("of kernels %j goes for %s: %s", (kernels, series, goes) => {
    const { requirements } = checkKernelConfig(configOf(), { series }, [wanted({ kernels })]);
    expect(requirements).toHaveLength(goes ? 1 : 0);
  });

  test.each([
    [undefined, false],
    ["26.1.5", false],
    ["28.0", true],
    ["28.0.0", true],
    ["28.0.1", false],
    ["28.5.2", false],
  ])("of engine 28.0.0 alone goes for %s: %s", (engineVersion, goes) => {
    const table = [wanted({ engines: { since: "28.0", until: "28.0.0" } })];
    const target = { series: "6.12", engineVersion };
    expect(checkKernelConfig(configOf(), target, table).requirements).toHaveLength(goes ? 1 : 0);
  });
});

const folder = join(projectFolder, "test/fixtures/kernel-configs");
const table = await readRequirements(join(projectFolder, "templates"));

/** Debian's configurations, as far as the table speaks of them. */
const samples = await Promise.all(
  (await readdir(folder)).map(async (name) => {
    const config = parseKernelConfig(await readFile(join(folder, name), "utf8"), name);
    return { release: name.replace(/\.config$/, ""), config, series: config.series ?? "" };
  }),
);

describe("the project's table", () => {
  test.each(samples)("finds nothing that matters missing in Debian's $release", (sample) => {
    for (const engineVersion of ["20.10.24", "26.1.5", "28.0.0", "28.5.2"]) {
      const target = { series: sample.series, engineVersion };
      const { isSufficient, requirements } = checkKernelConfig(sample.config, target, table);
      const missing = requirements.filter(({ status }) => status === "missing");
      expect(missing.filter(({ level }) => level !== "optional")).toEqual([]);
      expect(isSufficient).toBe(true);
    }
  });

  test("has samples of every series and both flavours", () => {
    const seen = samples.map(
      ({ release, series }) => `${series} ${/cloud/.exec(release) ?? "full"}`,
    );
    const series = ["5.10", "6.1", "6.12", "6.16", "6.17", "6.18", "7.2", "7.3"];
    const flavours = series.flatMap((one) => [`${one} cloud`, `${one} full`]);
    expect(new Set(seen)).toEqual(new Set(flavours));
  });

  test("knows no option that none of these kernels has, but for those of other versions", () => {
    const unset = table
      .filter(({ kernels, anyOf }) => {
        const isOld = kernels?.until !== undefined && ["5.0", "5.1"].includes(kernels.until);
        return (
          !isOld && !samples.some(({ config }) => anyOf.some((one) => config.options.has(one)))
        );
      })
      .map(({ anyOf }) => anyOf.join(" "));
    // Debian leaves these out on purpose.
    expect(unset).toEqual(["MEMCG_V1", "CPUSETS_V1", "RT_GROUP_SCHED"]);
  });

  test("names the option of a kernel that lacks what it must have", () => {
    const [sample] = samples;
    const options = new Map(sample?.config.options);
    options.delete("OVERLAY_FS");
    const target = { series: sample?.series ?? "" };
    const report = checkKernelConfig({ series: target.series, options }, target, table);
    expect(report.isSufficient).toBe(false);
    const lacking = report.requirements.filter(
      ({ level, status }) => level === "required" && status === "missing",
    );
    expect(lacking.map(({ anyOf }) => anyOf)).toEqual([["OVERLAY_FS"]]);
  });
});
