import { resolve } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addGlobalOptions, readGlobalOptions } from "../../../../src/cli/flags/global-options.ts";
import { parseTlsFiles } from "../../../../src/cli/flags/tls-files.ts";

function parse(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const program = addGlobalOptions(new Command().exitOverride());
  program.parse(args, { from: "user" });
  return parseTlsFiles(readGlobalOptions(program, { environment }).tlsPaths);
}

const authority = { certificate: resolve("ca.pem"), key: resolve("ca-key.pem") };
const client = { certificate: resolve("cert.pem"), key: resolve("key.pem") };
const authorityFlags = ["--tls-ca-cert", "ca.pem", "--tls-ca-key", "ca-key.pem"];
const clientVariables = {
  MACHINE_TLS_CLIENT_CERT: "cert.pem",
  MACHINE_TLS_CLIENT_KEY: "key.pem",
};

describe("certificates given by flags and variables", () => {
  it.each([
    { args: [], environment: {}, files: undefined },
    { args: authorityFlags, environment: {}, files: { authority } },
    { args: [], environment: clientVariables, files: { client } },
    { args: authorityFlags, environment: clientVariables, files: { authority, client } },
    {
      args: authorityFlags,
      environment: { MACHINE_TLS_CA_CERT: "other.pem", MACHINE_TLS_CLIENT_CERT: "" },
      files: { authority },
    },
  ])("$args and $environment are absolute paths, in pairs", ({ args, environment, files }) => {
    expect(parse(args, environment)).toEqual(files);
  });

  it.each([
    { args: ["--tls-ca-cert", "a"], given: "--tls-ca-cert", missing: "--tls-ca-key" },
    { args: ["--tls-ca-key", "a"], given: "--tls-ca-key", missing: "--tls-ca-cert" },
    { args: ["--tls-client-cert", "a"], given: "--tls-client-cert", missing: "--tls-client-key" },
  ])("$args are refused, for want of the other half", ({ args, given, missing }) => {
    expect(() => parse(args)).toThrow(
      expect.objectContaining({
        message: `${given} is given without ${missing}`,
        hints: [`give ${missing} too, or leave ${given} out`],
      }),
    );
  });

  it("are no business of docker-machine's flags that nothing uses", () => {
    expect(parse(["--github-api-token", "x", "--bugsnag-api-token", "y"])).toBeUndefined();
  });
});
