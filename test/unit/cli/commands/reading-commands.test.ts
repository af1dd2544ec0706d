import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { CommandFactory } from "../../../../src/cli/cli.ts";
import { activeCommand } from "../../../../src/cli/commands/client/active.ts";
import { configCommand } from "../../../../src/cli/commands/client/config.ts";
import { envCommand } from "../../../../src/cli/commands/client/env.ts";
import { ipCommand } from "../../../../src/cli/commands/client/ip.ts";
import { urlCommand } from "../../../../src/cli/commands/client/url.ts";
import { inspectCommand } from "../../../../src/cli/commands/look/inspect.ts";
import { lsCommand } from "../../../../src/cli/commands/look/ls.ts";
import { statusCommand } from "../../../../src/cli/commands/look/status.ts";
import { doctorCommand } from "../../../../src/cli/commands/system/doctor.ts";
import { versionCommand } from "../../../../src/cli/commands/system/version.ts";
import { engineUrl } from "../../../../src/core/machine/look.ts";
import { fakeEngineVersion } from "../../../support/network/fake-engine.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: CoreWorld;
let url: string;
beforeEach(async () => {
  world = await coreWorld();
  url = engineUrl(await runningMachine(world));
});

const certPath = () => world.context.store.machineLayout("dev").directory;
const run = (factory: CommandFactory, args: string[] = [], environment = {}) =>
  runCommand(world, factory, args, { environment });
const json = async (factory: CommandFactory, ...args: string[]) =>
  JSON.parse((await run(factory, [...args, "--json"])).stdout);

describe("ls", () => {
  test("prints docker-machine's table, with a star at the active machine", async () => {
    const { stdout } = await run(lsCommand, [], { DOCKER_HOST: url });
    const [header, row] = stdout.split("\n").map((line) => line.split(/\s+/));
    expect(header).toEqual("NAME ACTIVE DRIVER STATE URL SWARM DOCKER ERRORS".split(" "));
    expect(row).toEqual(["dev", "*", "fake", "Running", url, `v${fakeEngineVersion}`]);
  });

  test("prints as JSON what the table shows", async () => {
    expect(await json(lsCommand)).toEqual([
      {
        ...{ name: "dev", active: false, provider: "fake", driver: "fake", status: "Running" },
        ...{ url, swarm: "", engineVersion: `v${fakeEngineVersion}`, error: "" },
        responseMs: expect.any(Number),
      },
    ]);
  });

  test("lists names as people count, and only names when asked, asking nobody", async () => {
    await runningMachine(world, { name: "node10" });
    await runningMachine(world, { name: "node9" });
    world.provider.hang("dev");
    expect((await run(lsCommand, ["-q"])).stdout).toBe("dev\nnode9\nnode10\n");
    expect(await json(lsCommand, "-q")).toEqual(["dev", "node9", "node10"]);
  });

  test("gives each machine the time it is told to", async () => {
    world.provider.hang("dev");
    expect((await run(lsCommand, ["-t", "1"])).stdout).toMatch(
      /^dev +- +fake +Timeout +Unknown +no answer within 1 s$/m,
    );
  });
});

describe("env", () => {
  test("prints what the shell evaluates", async () => {
    expect((await run(envCommand, ["--shell", "bash", "dev"])).stdout.split("\n")).toEqual([
      'export DOCKER_TLS_VERIFY="1"',
      `export DOCKER_HOST="${url}"`,
      `export DOCKER_CERT_PATH="${certPath()}"`,
      'export DOCKER_MACHINE_NAME="dev"',
      "# Run this command to configure your shell: ",
      "# eval $(tsmachine env --shell bash dev)",
      "",
    ]);
  });

  test("prints as JSON the variables to set, or null for those to unset", async () => {
    expect(await json(envCommand, "dev")).toEqual({
      ...{ DOCKER_TLS_VERIFY: "1", DOCKER_HOST: url },
      ...{ DOCKER_CERT_PATH: certPath(), DOCKER_MACHINE_NAME: "dev" },
    });
    expect(await json(envCommand, "-u")).toEqual({
      ...{ DOCKER_TLS_VERIFY: null, DOCKER_HOST: null },
      ...{ DOCKER_CERT_PATH: null, DOCKER_MACHINE_NAME: null },
    });
  });

  test("exempts the machine from the proxy when asked", async () => {
    const { stdout } = await run(envCommand, ["--shell", "sh", "--no-proxy", "dev"], {
      NO_PROXY: "192.0.2.1",
    });
    expect(stdout).toContain('export NO_PROXY="192.0.2.1,127.0.0.1"\n');
  });

  test("unsets without a machine, and refuses to be given one", async () => {
    const { stdout } = await run(envCommand, ["--shell", "bash", "-u"]);
    expect(stdout).toMatch(/^unset DOCKER_TLS_VERIFY$/m);
    await expect(run(envCommand, ["-u", "dev"])).rejects.toMatchObject({
      code: "ARGUMENTS_EXTRA",
      message: "Expected no machine name when the -u flag is present",
    });
  });

  test("refuses a shell it does not know", async () => {
    const asked = run(envCommand, ["--shell", "nosuch", "dev"]);
    await expect(asked).rejects.toMatchObject({ code: "SHELL_UNKNOWN" });
  });
});

test.each([
  ["env", envCommand],
  ["config", configCommand],
  ["url", urlCommand],
  ["ip", ipCommand],
  ["version", versionCommand],
])("%s of a machine that is off is refused with what to do", async (_, factory) => {
  await world.provider.setPower("dev", "stopped");
  await expect(run(factory, ["dev"])).rejects.toMatchObject({
    code: "MACHINE_NOT_RUNNING",
    hints: ["start it with `tsmachine start dev`"],
  });
});

test("config prints the flags that docker takes", async () => {
  const file = (name: string) => JSON.stringify(join(certPath(), name));
  expect((await run(configCommand, ["dev"])).stdout).toBe(
    [
      "--tlsverify",
      ...[`--tlscacert=${file("ca.pem")}`, `--tlscert=${file("cert.pem")}`],
      ...[`--tlskey=${file("key.pem")}`, `-H=${url}`, ""],
    ].join("\n"),
  );
  expect(await json(configCommand, "dev")).toEqual({
    ...{ name: "dev", url, ca: join(certPath(), "ca.pem") },
    ...{ certificate: join(certPath(), "cert.pem"), key: join(certPath(), "key.pem") },
  });
});

test("url, ip and version print one thing, also as JSON", async () => {
  expect((await run(urlCommand, ["dev"])).stdout).toBe(`${url}\n`);
  expect(await json(urlCommand, "dev")).toEqual({ name: "dev", url });
  expect((await run(ipCommand, ["dev"])).stdout).toBe("127.0.0.1\n");
  expect(await json(ipCommand, "dev")).toEqual([{ name: "dev", address: "127.0.0.1" }]);
  expect((await run(versionCommand, ["dev"])).stdout).toBe(`${fakeEngineVersion}\n`);
  expect(await json(versionCommand, "dev")).toEqual({
    ...{ name: "dev", engineVersion: fakeEngineVersion },
  });
  expect(await json(versionCommand)).toEqual({ name: "tsmachine", version: "1.2.3" });
});

test("status tells the state, and what is wrong", async () => {
  expect((await run(statusCommand, ["dev"])).stdout).toBe("Running\n");
  await world.provider.setPower("dev", "absent");
  expect((await run(statusCommand, ["dev"])).stdout).toBe("Error\n");
  expect(await json(statusCommand, "dev")).toEqual({
    ...{ name: "dev", status: "Error", problem: "its disk or folder is gone" },
  });
});

test("inspect has docker-machine's fields and the record", async () => {
  const record = await world.context.store.readMachine("dev");
  expect(await json(inspectCommand, "dev")).toMatchObject({
    ...{ ConfigVersion: 3, DriverName: "fake", Name: "dev", Status: "Running", Problem: "" },
    Driver: { IPAddress: "127.0.0.1", MachineName: "dev", SSHPort: record.endpoint?.sshPort },
    HostOptions: { EngineOptions: { TlsVerify: true }, AuthOptions: { StorePath: certPath() } },
    Record: record,
  });
});

describe("active", () => {
  test("finds the machine of DOCKER_HOST, whatever is wrong with others", async () => {
    await runningMachine(world, { name: "broken" });
    await writeFile(world.context.store.machineLayout("broken").record, "{");
    const environment = { DOCKER_HOST: url };
    expect((await run(activeCommand, [], environment)).stdout).toBe("dev\n");
    expect(JSON.parse((await run(activeCommand, ["--json"], environment)).stdout)).toEqual({
      ...{ name: "dev", url },
    });
  });

  test.each([{}, { DOCKER_HOST: "" }, { DOCKER_HOST: "tcp://192.0.2.1:2376" }])(
    "finds none in %o",
    async (environment) => {
      await expect(run(activeCommand, [], environment)).rejects.toMatchObject({
        ...{ code: "NO_ACTIVE_MACHINE", message: "No active host found" },
      });
    },
  );
});

test("doctor ends with 1 when something keeps machines from working, and says what to do", async () => {
  const health = { state: "missing", problem: "no QEMU", hint: "install it" } as const;
  world = await coreWorld({ provider: createFakeProvider({ health }) });
  const { stdout, exitStatus } = await run(doctorCommand);
  expect(exitStatus).toBe(1);
  expect(stdout).toMatch(/^provider fake +problem +no QEMU/m);
  expect(stdout).toMatch(/^provider fake: install it$/m);
  expect(await json(doctorCommand)).toContainEqual(
    expect.objectContaining({ check: "provider fake", verdict: "problem", remedy: "install it" }),
  );
});
