import { describe, expect, it } from "vitest";
import {
  dockerVariableNames,
  dockerVariables,
} from "../../../../src/cli/shells/docker-variables.ts";

const machine = {
  machineName: "dev",
  endpointUrl: "tcp://10.0.0.2:2376",
  certPath: "/store/machines/dev",
  platform: "linux",
} as const;
const address = "10.0.0.2";

describe("the docker client's variables", () => {
  it("come in docker-machine's order", () => {
    expect(dockerVariables(machine)).toEqual([
      { name: "DOCKER_TLS_VERIFY", value: "1" },
      { name: "DOCKER_HOST", value: "tcp://10.0.0.2:2376" },
      { name: "DOCKER_CERT_PATH", value: "/store/machines/dev" },
      { name: "DOCKER_MACHINE_NAME", value: "dev" },
    ]);
  });

  it("tell compose about Windows paths on Windows", () => {
    expect(dockerVariables({ ...machine, platform: "win32" }).at(-1)).toEqual({
      name: "COMPOSE_CONVERT_WINDOWS_PATHS",
      value: "true",
    });
  });

  it.each([
    { environment: {}, name: "NO_PROXY", value: "10.0.0.2" },
    { environment: { NO_PROXY: "localhost" }, name: "NO_PROXY", value: "localhost,10.0.0.2" },
    { environment: { no_proxy: "a", NO_PROXY: "b" }, name: "no_proxy", value: "a,10.0.0.2" },
    { environment: { no_proxy: "a, 10.0.0.2" }, name: "no_proxy", value: "a, 10.0.0.2" },
    { environment: { NO_PROXY: "10.0.0.25" }, name: "NO_PROXY", value: "10.0.0.25,10.0.0.2" },
  ])("exempt the machine from the proxy beside $environment", ({ environment, name, value }) => {
    const variables = dockerVariables({ ...machine, noProxy: { environment, address } });
    expect(variables.at(-1)).toEqual({ name, value });
  });

  it("are unset by the names they are set by", () => {
    for (const platform of ["linux", "win32"] as const) {
      const environment = { no_proxy: "a" };
      const set = dockerVariables({ ...machine, platform, noProxy: { environment, address } });
      expect(dockerVariableNames({ platform, noProxyIn: environment })).toEqual(
        set.map(({ name }) => name),
      );
    }
  });
});
