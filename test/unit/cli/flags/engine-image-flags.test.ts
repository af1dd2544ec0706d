import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parseEngineImageFlags } from "../../../../src/cli/flags/image-flags.ts";

const sha256 = "0123456789abcdef".repeat(4);
const url = "https://downloads.example/docker-28.5.2.tgz";

describe("the flags that choose an engine", () => {
  test.each([
    { flags: {}, engine: { kind: "default" } },
    { flags: { engineVersion: "20.10" }, engine: { kind: "choice", text: "20.10" } },
    {
      flags: { engineArchive: "docker.tgz" },
      engine: { kind: "archive", archive: { kind: "file", path: resolve("docker.tgz") } },
    },
    {
      flags: { engineArchive: "/docker.tgz", engineSha256: sha256.toUpperCase() },
      engine: { kind: "archive", archive: { kind: "file", path: resolve("/docker.tgz"), sha256 } },
    },
    ...[url, url.replace("https", "HTTPS")].map((address) => ({
      flags: { engineArchive: address, engineSha256: sha256 },
      engine: { kind: "archive", archive: { kind: "url", url: address, sha256 } },
    })),
  ])("$flags mean $engine", ({ flags, engine }) => {
    expect(parseEngineImageFlags(flags)).toEqual(engine);
  });

  test.each([
    {
      flags: { engineVersion: "20.10", engineArchive: "docker.tgz" },
      message: "several engines are given",
    },
    {
      flags: { engineSha256: sha256 },
      message: "--engine-sha256 is given without --engine-archive",
    },
    { flags: { engineArchive: url }, message: "an engine from a URL needs --engine-sha256" },
    {
      flags: { engineArchive: "docker.tgz", engineSha256: "12ab" },
      message: '--engine-sha256 "12ab" is not a SHA-256',
    },
    {
      flags: { engineArchive: "https://[", engineSha256: sha256 },
      message: "--engine-archive is no http or https URL",
    },
    ...["https://mirror.example:99999/x.tgz", "ftp://mirror.example/x.tgz", "file:///x.tgz"].map(
      (engineArchive) => ({
        flags: { engineArchive, engineSha256: sha256 },
        message: "--engine-archive is no http or https URL",
      }),
    ),
    {
      flags: { engineArchive: "https://user:secret@mirror.example/x.tgz", engineSha256: sha256 },
      message: "--engine-archive has a name or password in its URL",
    },
  ])("$flags are refused", ({ flags, message }) => {
    expect(() => parseEngineImageFlags(flags)).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", message }),
    );
  });
});
