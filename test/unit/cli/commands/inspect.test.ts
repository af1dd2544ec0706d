import { beforeEach, describe, expect, test, vi } from "vitest";
import { inspectCommand } from "../../../../src/cli/commands/look/inspect.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: CoreWorld;
beforeEach(async () => {
  world = await coreWorld({ provider: createFakeProvider({ aliases: ["imitation"] }) });
  await runningMachine(world, { providerId: "imitation", tlsSans: ["docker.example"] });
});

const inspect = async (...args: string[]) =>
  (await runCommand(world, inspectCommand, [...args, "dev"])).stdout;

test("inspect prints docker-machine's configuration, its fields in their order, indented by four", async () => {
  const text = await inspect();
  expect(text).toMatch(/^\{\n {4}"ConfigVersion": 3,\n {4}"Driver": \{\n {8}"IPAddress": "127/);
  const known = JSON.parse(text);
  expect(Object.keys(known).slice(0, 5)).toEqual([
    ...["ConfigVersion", "Driver", "DriverName", "HostOptions", "Name"],
  ]);
  const { store } = world.context;
  expect(known).toMatchObject({
    DriverName: "imitation",
    Driver: {
      ...{ MachineName: "dev", SSHUser: "docker", StorePath: store.layout.root, Memory: 1024 },
      ...{ SwarmMaster: false, SwarmHost: "", SwarmDiscovery: "" },
    },
    HostOptions: {
      ...{ Driver: "", Memory: 0, Disk: 0 },
      EngineOptions: { TlsVerify: true, InstallURL: "https://get.docker.com", Labels: [] },
      SwarmOptions: { IsSwarm: false, Host: "tcp://0.0.0.0:3376", Image: "swarm:latest" },
      AuthOptions: {
        StorePath: store.machineLayout("dev").directory,
        ServerCertSANs: ["docker.example"],
      },
    },
  });
});

describe("inspect --format", () => {
  test.each([
    ["{{.DriverName}}", "imitation\n"],
    ["{{json .DriverName}}", '"imitation"\n'],
    ["{{.Driver.SSHUser}} {{.Driver.Nothing}}", "docker <no value>\n"],
    ["{{prettyjson .HostOptions.AuthOptions.ServerCertSANs}}", '[\n    "docker.example"\n]\n'],
    ["{{range .HostOptions.AuthOptions.ServerCertSANs}}{{.}},{{end}}", "docker.example,\n"],
    ["{{.Status}}", "Running\n"],
  ])("%s prints %j", async (format, expected) => {
    expect(await inspect("-f", format)).toBe(expected);
  });

  test("refuses what is no template", async () => {
    await expect(inspect("-f", "{{.Driver")).rejects.toMatchObject({ code: "TEMPLATE_INVALID" });
  });
});
