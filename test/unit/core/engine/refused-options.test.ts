import { describe, expect, test } from "vitest";
import { noEngineOptions } from "../../../../src/core/engine/daemon-configuration.ts";
import { engineRefused, hasOptions } from "../../../../src/core/engine/refused-options.ts";

const engine = {
  labels: ["rack=3"],
  registryMirrors: ["https://mirror.example"],
  insecureRegistries: ["registry.example"],
  storageDriver: "bogus",
  environment: { HTTP_PROXY: "http://me:secret@proxy.example" },
  arbitraryFlags: ["log-level=loud", "mtu=1e3", "label=a=b", "live-restore=true", "icc=false"],
};

// Words of dockerd 26.1.
describe("an engine that does not start names the option that dockerd names", () => {
  test.each([
    [
      "the following directives don't match any configuration option: mtu",
      ["--engine-opt mtu=1e3"],
    ],
    ["invalid logging level: loud", ["--engine-opt log-level=loud"]],
    [
      "json: cannot unmarshal string into Go struct field Config.mtu of type int",
      ["--engine-opt mtu=1e3"],
    ],
    [
      "error initializing graphdriver: driver not supported: bogus",
      ["--engine-storage-driver bogus"],
    ],
    [
      "--live-restore daemon configuration is incompatible with swarm mode",
      ["--engine-opt live-restore=true"],
    ],
    ["bad attribute format: rack=3", ["--engine-label rack=3"]],
    ["invalid mirror: https://mirror.example", ["--engine-registry-mirror https://mirror.example"]],
    ["invalid registry.example", ["--engine-insecure-registry registry.example"]],
    ["HTTP_PROXY cannot be parsed", ["--engine-env HTTP_PROXY"]],
    ["it is false that the disk is full", []],
    ["mtu-like bogusness", []],
  ])("%s", (words, options) => {
    const error = engineRefused("dev", { words, engine, outcome: "; the end" });
    const what =
      options.length === 0 ? "its engine does not start" : `its engine refuses ${options}`;
    expect(error.message).toBe(`machine "dev": ${what}: ${words}; the end`);
    expect(error.context).toEqual({ words, options });
    expect(JSON.stringify(error)).not.toContain("secret");
  });
});

test.each([
  ["invalid logging level: loud", engine, "tsmachine provision dev --engine-opt NAME=VALUE"],
  ["not supported: bogus", engine, "tsmachine provision dev --engine-storage-driver VALUE"],
  ["no space left", engine, "tsmachine provision dev --engine-opt NAME=VALUE"],
  ["no space left", noEngineOptions, "tsmachine inspect dev"],
  ["no space left", undefined, "tsmachine inspect dev"],
])("the remedy for %o is a command", (words, given, command) => {
  expect(engineRefused("dev", { words, engine: given }).hints).toEqual([
    expect.stringContaining(`\`${command}`),
  ]);
});

test("an engine has options when any was given", () => {
  expect(hasOptions(undefined)).toBe(false);
  expect(hasOptions(noEngineOptions)).toBe(false);
  expect(hasOptions({ ...noEngineOptions, labels: ["a=b"] })).toBe(true);
});
