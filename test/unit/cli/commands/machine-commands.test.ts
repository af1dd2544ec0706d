import { beforeEach, describe, expect, test, vi } from "vitest";
import { createCommand } from "../../../../src/cli/commands/machine/create.ts";
import { killCommand } from "../../../../src/cli/commands/machine/kill.ts";
import { restartCommand } from "../../../../src/cli/commands/machine/restart.ts";
import { rmCommand } from "../../../../src/cli/commands/machine/rm.ts";
import { startCommand } from "../../../../src/cli/commands/machine/start.ts";
import { stopCommand } from "../../../../src/cli/commands/machine/stop.ts";
import { recordedParts } from "../../../support/worlds/cli-parts.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

describe("create", () => {
  test("makes the machine of its flags and says how to reach it", async () => {
    const world = await coreWorld();
    world.provider.guest = "serving";
    const { stdout } = await runCommand(world, createCommand, [
      ...[
        "-d",
        "fake",
        "--fake-memory",
        "2048",
        "--tls-san",
        "a.example",
        "--tls-san",
        "b.example",
      ],
      ...["--engine-label", "rack=3", "--engine-env", "HTTP_PROXY=http://proxy.example:3128"],
      ...["--engine-opt", "log-level=debug", "--publish-address", "0.0.0.0", "dev"],
    ]);
    expect(stdout).toBe(
      "Docker is up and running!\n" +
        "To see how to connect your Docker Client to the Docker Engine running on this virtual " +
        "machine, run: tsmachine env dev\n",
    );
    expect(await world.context.store.readMachine("dev")).toMatchObject({
      provider: { id: "fake", record: { memoryMiB: 2048 }, options: { memoryMiB: 2048 } },
      tlsSans: ["a.example", "b.example"],
      publishAddress: "0.0.0.0",
      engine: {
        ...{ labels: ["rack=3"], arbitraryFlags: ["log-level=debug"] },
        environment: { HTTP_PROXY: "http://proxy.example:3128" },
      },
    });
  });

  test("prints JSON when asked, and the machine's name is default", async () => {
    const world = await coreWorld();
    world.provider.guest = "serving";
    const { stdout } = await runCommand(world, createCommand, ["-d", "fake", "--json"]);
    expect(JSON.parse(stdout)).toEqual({
      ...{ name: "default", provider: "fake" },
      url: expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+$/),
    });
  });

  test("waits for the engine as long as the variable says", async () => {
    const world = await coreWorld();
    world.provider.guest = "mute";
    const environment = { TSMACHINE_BOOT_TIMEOUT: "1" };
    await expect(
      runCommand(world, createCommand, ["-d", "fake"], { environment }),
    ).rejects.toMatchObject({ code: "TIMEOUT", message: expect.stringContaining("within 1 s") });
  });
});

describe("a command on machines", () => {
  let world: CoreWorld;
  beforeEach(async () => {
    world = await coreWorld();
    await runningMachine(world, { name: "a" });
    await runningMachine(world, { name: "b" });
  });

  test.each([
    { command: stopCommand, done: "stopped", first: "running" },
    { command: killCommand, done: "killed", first: "running" },
    { command: restartCommand, done: "restarted", first: "running" },
    { command: startCommand, done: "started", first: "stopped" },
  ] as const)("says in docker-machine's words that each was $done", async (row) => {
    if (row.first === "stopped") {
      await world.provider.setPower("a", "stopped");
      await world.provider.setPower("b", "stopped");
    }
    const { stdout } = await runCommand(world, row.command, ["b", "a", "b"]);
    const lines = stdout.split("\n").slice(0, 2);
    expect(lines).toEqual([`Machine "a" was ${row.done}.`, `Machine "b" was ${row.done}.`]);
  });

  test("prints JSON when asked", async () => {
    const { stdout } = await runCommand(world, stopCommand, ["--json", "a", "b"]);
    expect(JSON.parse(stdout)).toEqual([
      { name: "a", outcome: "stopped" },
      { name: "b", outcome: "stopped" },
    ]);
  });

  test.each([stopCommand, rmCommand])(
    "prints no JSON when it has changed nothing",
    async (command) => {
      const { output, printed } = recordedParts();
      const asked = runCommand(world, command, ["--json", "nobody"], { output });
      await expect(asked).rejects.toMatchObject({ code: "MACHINE_NOT_FOUND" });
      expect(printed()).toBe("");
    },
  );

  test("changes the others when one cannot be changed, whose failure it ends with", async () => {
    await world.provider.setPower("a", "stopped");
    await expect(runCommand(world, stopCommand, ["a", "b"])).rejects.toMatchObject({
      code: "ALREADY_IN_STATE",
      message: 'Machine "a" is already stopped.',
    });
    expect((await world.context.store.readMachine("b")).phase).toBe("ready");
    expect(world.provider.calls.filter((call) => call.startsWith("stop"))).toEqual(["stop b"]);
  });

  test("changes none when one is not there, and ends with the failure of each", async () => {
    const stop = (...names: string[]) => runCommand(world, stopCommand, ["a", ...names]);
    await expect(stop("c")).rejects.toMatchObject({ code: "MACHINE_NOT_FOUND" });
    await expect(stop("c", "d")).rejects.toMatchObject({
      errors: ["c", "d"].map((name) => expect.objectContaining({ context: { name } })),
    });
    expect(world.provider.calls.filter((call) => call.startsWith("stop"))).toEqual([]);
  });

  test("needs a name where no machine is called default", async () => {
    await expect(runCommand(world, stopCommand)).rejects.toMatchObject({
      message: 'No machine name(s) specified and no "default" machine exists',
    });
    await runningMachine(world, { name: "default" });
    expect((await runCommand(world, stopCommand)).stdout).toBe('Machine "default" was stopped.\n');
  });
});

describe("rm", () => {
  let world: CoreWorld;
  beforeEach(async () => {
    world = await coreWorld();
    await runningMachine(world);
  });
  const names = () => world.context.store.listMachineNames();

  test.each([
    { typed: "y\n", left: [], stdout: "Successfully removed dev\n" },
    { typed: "n\n", left: ["dev"], stdout: "" },
    { typed: "\n", left: ["dev"], stdout: "" },
  ])("asks first, and removes only when told yes: $typed", async ({ typed, left, stdout }) => {
    const result = await runCommand(world, rmCommand, ["dev"], { typed });
    expect(result.stderr).toContain("Are you sure? (y/n)");
    expect(result.stdout).toBe(
      "About to remove dev\n" +
        "WARNING: This action will delete both local reference and remote instance.\n" +
        stdout,
    );
    expect(await names()).toEqual(left);
  });

  test("asks on stdout as docker-machine did, under its name", async () => {
    const { stdout, stderr } = await runCommand(world, rmCommand, ["dev"], {
      ...{ typed: "n\n", programName: "docker-machine" },
    });
    expect([stdout.split("\n")[2], stderr]).toEqual(["Are you sure? (y/n): ", ""]);
  });

  test("is refused with a hint when nobody can answer", async () => {
    await expect(runCommand(world, rmCommand, ["dev"])).rejects.toMatchObject({
      code: "INVALID_INPUT",
      hints: ["answer yes beforehand with `-y`"],
    });
    expect(await names()).toEqual(["dev"]);
  });

  test.each(["-y", "-f"])("asks nothing with %s", async (flag) => {
    const { stdout, stderr } = await runCommand(world, rmCommand, [flag, "dev"]);
    expect(stderr).toBe("");
    expect(stdout).toContain("Successfully removed dev\n");
    expect(await names()).toEqual([]);
  });

  test("prints JSON alone when asked", async () => {
    const { stdout } = await runCommand(world, rmCommand, ["-y", "--json", "dev"]);
    expect(JSON.parse(stdout)).toEqual([{ name: "dev", outcome: "removed" }]);
  });

  test("removes what there is when another name is wrong", async () => {
    await expect(runCommand(world, rmCommand, ["-y", "nobody", "dev"])).rejects.toMatchObject({
      code: "MACHINE_NOT_FOUND",
      message: 'Error removing host "nobody": Docker machine "nobody" does not exist',
    });
    expect(await names()).toEqual([]);
  });

  test("says what it has removed in the order of the names, each once", async () => {
    await runningMachine(world, { name: "late" });
    await runningMachine(world, { name: "early" });
    const args = ["-f", "late", "nobody", "dev", "early", "late"];
    const { stdout } = await runCommand(world, rmCommand, args);
    expect(stdout.split("\n").filter((line) => line.startsWith("Success"))).toEqual(
      ["late", "dev", "early"].map((name) => `Successfully removed ${name}`),
    );
  });

  test("is content with a machine that is not there when forced", async () => {
    expect(await runCommand(world, rmCommand, ["-f", "nobody"])).toMatchObject({
      ...{ stdout: "", stderr: "" },
    });
  });

  test("does not ask about a machine that is not there", async () => {
    await expect(runCommand(world, rmCommand, ["nobody"])).rejects.toMatchObject({
      message: 'Error removing host "nobody": Docker machine "nobody" does not exist',
    });
  });
});
