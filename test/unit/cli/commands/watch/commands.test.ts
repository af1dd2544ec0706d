import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { eventsCommand } from "../../../../../src/cli/commands/watch/events.ts";
import { logsCommand } from "../../../../../src/cli/commands/watch/logs.ts";
import { topCommand } from "../../../../../src/cli/commands/watch/top.ts";
import { recordedParts } from "../../../../support/worlds/cli-parts.ts";
import { runCommand } from "../../../../support/worlds/cli-world.ts";
import { coreWorld, runningMachine } from "../../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

async function worldWithConsole(text: string) {
  const world = await coreWorld();
  world.provider.filesIn = (directory) => ({ consoleLog: join(directory, "console.log") });
  await runningMachine(world);
  const { directory } = world.context.store.machineLayout("dev");
  await writeFile(join(directory, "console.log"), text, "latin1");
  await world.provider.setPower("dev", "stopped");
  return world;
}

const odd = "\x1b[2J\x1b]0;owned\x07boot\r\n\xff\xfe\x1b[31mlast";

test("logs of a machine that is off are its console's; a pipe gets them as they are", async () => {
  const world = await worldWithConsole("one\r\n\x1b[31mtwo\x1b[0m\n");
  expect(await runCommand(world, logsCommand, ["dev", "-n", "1"])).toEqual({
    ...{ stdout: "\x1b[31mtwo\x1b[0m\n", stderr: "", exitStatus: 0 },
  });
});

test("a terminal gets logs without what would steer it, whatever bytes they have", async () => {
  const world = await worldWithConsole(odd);
  const { output, printed } = recordedParts();
  output.stdout.isTTY = true;
  await runCommand(world, logsCommand, ["--console", "dev"], { output });
  expect(printed()).toBe("boot\n\ufffd\ufffdlast");
});

test("logs that are followed end with Ctrl-C, and complain of nothing", async () => {
  const world = await worldWithConsole("boot\n");
  const { output, printed, complained } = recordedParts();
  const following = runCommand(world, logsCommand, ["-f", "dev"], { output });
  await vi.waitFor(() => expect(printed()).toBe("boot\n"), 10_000);
  world.abort(new DOMException("cancelled", "AbortError"));
  expect((await following).exitStatus).toBe(130);
  expect(complained()).toBe("");
});

test.each([
  [["--console", "--agent"], "cannot be used with"],
  [["-n", "few"], "takes a number of lines"],
])("logs %j is refused", async (args, words) => {
  await expect(runCommand(await coreWorld(), logsCommand, args)).rejects.toThrow(words);
});

test("top prints a table where there is no terminal, and JSON with the figures themselves", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  let diskReadBytes = 0;
  world.provider.usageOf = async () => {
    diskReadBytes += 5_000_000;
    return { residentBytes: 300_000_000, diskReadBytes };
  };
  const { stdout } = await runCommand(world, topCommand, []);
  expect(stdout.split("\n")).toEqual([
    expect.stringMatching(
      /^NAME +STATE +CPU +MEMORY +IN GUEST +DISK +READ +WRITTEN +RECEIVED +SENT +ERRORS$/,
    ),
    expect.stringMatching(/^dev +Running +- +300\.0 MB +- +- +\d\.\d MB\/s +- +- +-$/),
    "",
  ]);
  const { stdout: json } = await runCommand(world, topCommand, ["--json", "dev"]);
  expect(JSON.parse(json)).toEqual([
    {
      ...{ name: "dev", status: "Running", error: "", residentBytes: 300_000_000 },
      diskReadRate: expect.any(Number),
    },
  ]);
});

test("top and events of a machine that there is not are refused", async () => {
  for (const command of [topCommand, eventsCommand]) {
    await expect(runCommand(await coreWorld(), command, ["none"])).rejects.toMatchObject({
      code: "MACHINE_NOT_FOUND",
    });
  }
});

test("events are printed as they come, an object on each line with --json, until Ctrl-C", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  const { output, printed } = recordedParts();
  const watching = runCommand(world, eventsCommand, ["--json", "--since", "1d"], { output });
  await vi.waitFor(() => expect(printed()).toContain('"created"'), 10_000);
  await world.provider.setPower("dev", "stopped");
  await vi.waitFor(() => expect(printed()).toContain('"stopped"'), 10_000);
  world.abort(new DOMException("cancelled", "AbortError"));
  expect((await watching).exitStatus).toBe(130);
  const [created, stopped] = printed()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
  expect(created).toEqual({ at, machine: "dev", source: "machine", event: "created" });
  expect(stopped).toEqual({ at, machine: "dev", source: "machine", event: "stopped" });
});
