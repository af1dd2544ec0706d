import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CommandFactory } from "../../../../src/cli/cli.ts";
import { configCommand } from "../../../../src/cli/commands/client/config.ts";
import { envCommand } from "../../../../src/cli/commands/client/env.ts";
import { ipCommand } from "../../../../src/cli/commands/client/ip.ts";
import { urlCommand } from "../../../../src/cli/commands/client/url.ts";
import { useCommand } from "../../../../src/cli/commands/client/use.ts";
import { lsCommand } from "../../../../src/cli/commands/look/ls.ts";
import { restartCommand } from "../../../../src/cli/commands/machine/restart.ts";
import { startCommand } from "../../../../src/cli/commands/machine/start.ts";
import { sshCommand } from "../../../../src/cli/commands/ssh/ssh.ts";
import { stopMachine } from "../../../../src/core/machine/power.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";
import { movingWorld } from "../../../support/worlds/moving-world.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterEach(() => {
  vi.unstubAllEnvs();
});

const evaluateAgain =
  'where its settings are in use, evaluate them again: eval "$(tsmachine env dev)"';

describe.each([
  { name: "start", factory: startCommand, isOff: true },
  { name: "restart", factory: restartCommand, isOff: false },
])("$name of a machine whose ports another program has taken", ({ factory, isOff, name }) => {
  test("tells what has changed, and that the docker context is right", async () => {
    const world = await coreWorld();
    const { endpoint: from } = await runningMachine(world, { registersContext: true });
    if (isOff) await stopMachine(world.context, "dev");
    world.provider.takePorts("dev");
    const { stdout } = await runCommand(world, factory, ["dev"]);
    expect(stdout).toContain(`Machine "dev" was ${name}ed.\n`);
    const { endpoint: to } = await world.context.store.readMachine("dev");
    expect(to?.dockerPort).not.toBe(from.dockerPort);
    const changes = `Docker port from ${from.dockerPort} to ${to?.dockerPort}, SSH port from ${from.sshPort} to ${to?.sshPort}`;
    expect(world.warnings).toEqual([
      `machine "dev" has moved: ${changes}; ${evaluateAgain}; docker context "dev" is up to date`,
    ]);
  });
});

test("start of a machine that comes up where it was says nothing of the kind", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  await stopMachine(world.context, "dev");
  await runCommand(world, startCommand, ["dev"]);
  expect(world.warnings).toEqual([]);
});

test("a move is told, without the docker context, also when the engine does not answer then", async () => {
  const world = await coreWorld();
  const { endpoint } = await runningMachine(world, { registersContext: true });
  await stopMachine(world.context, "dev");
  world.provider.takePorts("dev");
  world.provider.guest = "mute";
  const starting = runCommand(world, startCommand, ["dev"], {
    environment: { TSMACHINE_BOOT_TIMEOUT: "1" },
  });
  await expect(starting).rejects.toMatchObject({ code: "TIMEOUT" });
  expect(world.warnings).toEqual([expect.stringContaining(`from ${endpoint.dockerPort} to `)]);
  expect(world.warnings[0]).toMatch(/env dev\)"$/);
});

describe.skipIf(process.platform === "darwin")("a running machine of a dynamic endpoint", () => {
  let world: CoreWorld;
  beforeEach(async () => {
    world = await movingWorld();
    await runningMachine(world);
  });
  const run = (factory: CommandFactory, ...args: string[]) => runCommand(world, factory, args);

  test.each<[string, CommandFactory, string[]]>([
    ["env", envCommand, ["--shell", "sh", "dev"]],
    ["config", configCommand, ["dev"]],
    ["url", urlCommand, ["dev"]],
    ["ip", ipCommand, ["dev"]],
    ["use", useCommand, ["dev"]],
    ["ssh", sshCommand, ["dev", "true"]],
  ])("that has moved is refused by %s, with what has changed and the remedy", async (...row) => {
    const [, factory, args] = row;
    const before = await world.context.store.readMachine("dev");
    await world.provider.move("dev", "127.0.0.3");
    await expect(run(factory, ...args)).rejects.toMatchObject({
      code: "ENDPOINT_CHANGED",
      message: 'machine "dev" has moved: address from 127.0.0.2 to 127.0.0.3',
      hints: [
        "reach it where it is now with `tsmachine start dev`, then evaluate `tsmachine env dev` again",
      ],
    });
    expect(await world.context.store.readMachine("dev")).toEqual(before);
  });

  test("that has moved is shown by ls with what has changed and the remedy", async () => {
    await world.provider.move("dev", "127.0.0.3");
    const { stdout } = await run(lsCommand);
    expect(stdout).toContain(
      'machine "dev" has moved: address from 127.0.0.2 to 127.0.0.3; reach it where it is now with `tsmachine start dev`',
    );
  });

  test("that has moved is good again after start, which says so", async () => {
    await world.provider.move("dev", "127.0.0.3");
    const { stdout } = await run(startCommand, "dev");
    expect(stdout).toContain('Machine "dev" is running, and can be used at its new address.\n');
    expect(world.warnings).toEqual([
      `machine "dev" has moved: address from 127.0.0.2 to 127.0.0.3; ${evaluateAgain}`,
    ]);
    expect((await run(ipCommand, "dev")).stdout).toBe("127.0.0.3\n");
    expect((await run(envCommand, "--shell", "sh", "dev")).stdout).toContain("tcp://127.0.0.3:");
    await expect(run(startCommand, "dev")).rejects.toMatchObject({ code: "ALREADY_IN_STATE" });
  });

  test("that does not answer is refused by env with the remedy while nobody knows where it is", async () => {
    await world.provider.move("dev", "");
    await expect(run(envCommand, "--shell", "sh", "dev")).rejects.toMatchObject({
      code: "TLS_CHECK_FAILED",
      hints: [expect.stringContaining("`tsmachine start dev`")],
    });
    expect((await run(ipCommand, "dev")).stdout).toBe("127.0.0.2\n");
  });
});

test("providers without dynamic endpoints are not asked for one by env, ip, url and ls", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  world.provider.failNext("endpoint", new Error("nobody has to know"));
  for (const factory of [ipCommand, urlCommand]) await runCommand(world, factory, ["dev"]);
  await runCommand(world, envCommand, ["--shell", "sh", "dev"]);
  expect((await runCommand(world, lsCommand)).stdout).not.toContain("nobody has to know");
});
