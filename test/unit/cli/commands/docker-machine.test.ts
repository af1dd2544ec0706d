import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { CommandFactory } from "../../../../src/cli/cli.ts";
import { configCommand } from "../../../../src/cli/commands/client/config.ts";
import { envCommand } from "../../../../src/cli/commands/client/env.ts";
import { createCommand } from "../../../../src/cli/commands/machine/create.ts";
import { rmCommand } from "../../../../src/cli/commands/machine/rm.ts";
import { runProgram } from "../../../../src/cli/program.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { recordedParts } from "../../../support/worlds/cli-parts.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: CoreWorld;
beforeEach(async () => {
  world = await coreWorld({ provider: createFakeProvider() });
  world.provider.guest = "serving";
});

const run = (factory: CommandFactory, args: readonly string[], typed = "") =>
  runCommand(world, factory, args, { programName: "docker-machine", typed });
const names = () => world.context.store.listMachineNames();

describe("create under the name docker-machine", () => {
  test("ends with docker-machine's lines", async () => {
    expect((await run(createCommand, ["-d", "fake", "dev"])).stdout).toBe(
      "Docker is up and running!\n" +
        "To see how to connect your Docker Client to the Docker Engine running on this virtual " +
        "machine, run: docker-machine env dev\n",
    );
  });

  test.each([
    { args: [], code: "NAME_MISSING", message: "No machine name specified" },
    { args: [""], code: "NAME_MISSING", message: "No machine name specified" },
    {
      args: ["∞"],
      code: "NAME_INVALID",
      message:
        "Error creating machine: Invalid hostname specified. " +
        "Allowed hostname chars are: 0-9a-zA-Z . -",
    },
    {
      args: ["a", "b", "c"],
      code: "INVALID_INPUT",
      message: "Invalid command line. Found extra arguments [b c]",
    },
    {
      args: ["--swarm", "--swarm-discovery", "1234", "a"],
      code: "INVALID_INPUT",
      message: "Error parsing swarm discovery: Swarm Discovery URL was in the wrong format: 1234",
    },
    { args: ["-d", "nosuch"], code: "PROVIDER_UNKNOWN", message: 'provider "nosuch" not found' },
    {
      args: ["-d", "generic", "--generic-ip-address", "192.0.2.1", "a"],
      code: "PROVIDER_UNAVAILABLE",
      message: "provider generic cannot create machines yet",
    },
    {
      args: ["--amazonec2-region", "x", "-d", "amazonec2", "a"],
      code: "PROVIDER_UNSUPPORTED",
      message: 'driver "amazonec2" of docker-machine is not part of tsmachine',
    },
  ])("refuses $args before any step", async ({ args, code, message }) => {
    const created = run(createCommand, ["-d", "fake", ...args]);
    await expect(created).rejects.toMatchObject({ code, message });
    expect(world.steps).toEqual([]);
    expect(await names()).toEqual([]);
  });
});

describe("flags as Go's flag package takes them", () => {
  const program = async (args: readonly string[]) => {
    const environment = { TSMACHINE_STORAGE_PATH: join(await temporaryDirectory(), "store") };
    const parts = recordedParts({ programName: "docker-machine", environment });
    await runProgram(args, parts);
    return parts.printed();
  };

  test.each([
    { args: ["create", "-driver", "nosuch", "a"], message: 'provider "nosuch" not found' },
    { args: ["create", "-d=nosuch", "--swarm=false", "a"], message: 'provider "nosuch" not found' },
    { args: ["rm", "-force=false", "-y=true", "a"], message: /Docker machine "a" does not exist$/ },
  ])("are understood in $args", async ({ args, message }) => {
    await expect(program(args)).rejects.toThrow(message);
  });

  test("are understood before the command", async () => {
    expect(await program(["-debug=false", "ls", "-quiet"])).toBe("");
  });
});

describe("a node of classic Swarm", () => {
  const master = [
    ...["--swarm", "--swarm-master", "--swarm-discovery", "token://1234"],
    ...["--swarm-strategy", "binpack", "--swarm-opt", "heartbeat=5s", "--swarm-join-opt", "a=b"],
    ...["--swarm-host", "tcp://0.0.0.0:4376"],
  ];

  test("is recorded as what its flags say, with a warning that names Swarm mode", async () => {
    await run(createCommand, ["-d", "fake", ...master, "queen"]);
    expect((await world.context.store.readMachine("queen")).swarm).toEqual({
      ...{ isSwarm: true, isMaster: true, discovery: "token://1234", host: "tcp://0.0.0.0:4376" },
      ...{ image: "swarm:latest", strategy: "binpack", address: "", isExperimental: false },
      ...{ options: ["heartbeat=5s"], joinOptions: ["a=b"] },
    });
    expect(world.warnings).toEqual([expect.stringContaining("Swarm mode")]);
  });

  test("is not recorded without --swarm", async () => {
    await run(createCommand, ["-d", "fake", "--swarm-image", "swarm:1.2", "dev"]);
    expect(await world.context.store.readMachine("dev")).not.toHaveProperty("swarm");
    expect(world.warnings).toEqual([]);
  });

  test("has its master's URL in env and config when asked for", async () => {
    await run(createCommand, ["-d", "fake", ...master, "queen"]);
    const { stdout } = await run(envCommand, ["--swarm", "--shell", "sh", "queen"]);
    expect(stdout).toContain('export DOCKER_HOST="tcp://127.0.0.1:4376"\n');
    expect(stdout).toContain("# eval $(docker-machine env --swarm --shell sh queen)\n");
    expect((await run(configCommand, ["--swarm", "queen"])).stdout).toContain(
      "-H=tcp://127.0.0.1:4376\n",
    );
  });

  test.each([envCommand, configCommand])("must be a master for --swarm", async (factory) => {
    await runningMachine(world);
    await expect(run(factory, ["--swarm", "dev"])).rejects.toMatchObject({
      message:
        '"dev" is not a swarm master. The --swarm flag is intended for use with swarm masters',
    });
  });
});

describe("rm under the name docker-machine", () => {
  beforeEach(() => runningMachine(world).then(() => {}));
  const announced = (given: string) =>
    `About to remove ${given}\n` +
    "WARNING: This action will delete both local reference and remote instance.\n";

  test.each([
    { typed: "y\n", left: [] },
    { typed: "n\n", left: ["dev"] },
    { typed: "", left: ["dev"] },
  ])("takes the answer $typed, and silence for a no", async ({ typed, left }) => {
    await run(rmCommand, ["dev"], typed);
    expect(await names()).toEqual(left);
  });

  test("announces all names that were given, there or not", async () => {
    expect((await run(rmCommand, ["-f", "nobody", "dev"])).stdout).toBe(
      `${announced("nobody, dev")}Successfully removed dev\n`,
    );
  });

  test("tells of every machine that it could not remove, and removes the others", async () => {
    await expect(run(rmCommand, ["-y", "a", "dev", "b"])).rejects.toMatchObject({
      errors: ["a", "b"].map((name) =>
        expect.objectContaining({
          message: `Error removing host "${name}": Docker machine "${name}" does not exist`,
        }),
      ),
    });
    expect(await names()).toEqual([]);
  });
});

describe("help under the name docker-machine", () => {
  async function help(args: readonly string[]) {
    const environment = { TSMACHINE_STORAGE_PATH: join(await temporaryDirectory(), "store") };
    const parts = recordedParts({ programName: "docker-machine", environment });
    const status = await runProgram(args, parts);
    return { status, lines: parts.printed().split("\n").filter(Boolean) };
  }

  test.each([[[]], [["--help"]], [["-h"]], [["-D"]], [["help"]]])(
    "comes for %j in docker-machine's form",
    async (args) => {
      const { status, lines } = await help(args);
      expect(status).toBe(0);
      expect(lines.slice(0, 2)).toEqual([
        expect.stringContaining("Usage: docker-machine"),
        "Create and manage machines running Docker.",
      ]);
    },
  );

  test.each([
    { args: ["create", "-d", "qemu", "--help"], variable: "", flags: "--qemu-" },
    { args: ["create", "--help", "--driver=qemu"], variable: "", flags: "--qemu-" },
    { args: ["create", "-h"], variable: "qemu", flags: "--qemu-" },
    { args: ["create", "-h"], variable: undefined, flags: "--kvm-" },
  ])("of $args, driver $variable, has the flags $flags", async ({ args, variable, flags }) => {
    vi.stubEnv("MACHINE_DRIVER", variable);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { lines } = await help(args);
    const shown = lines.join("\n").match(/--(qemu|kvm)-(?=memory)/g);
    expect(shown).toEqual([flags]);
    expect(lines.join("\n")).toContain("--swarm-discovery");
  });
});
