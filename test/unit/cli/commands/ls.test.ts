import { rm, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { activeCommand } from "../../../../src/cli/commands/client/active.ts";
import { lsCommand } from "../../../../src/cli/commands/look/ls.ts";
import { goDuration } from "../../../../src/cli/commands/look/ls-format.ts";
import { parseFilters } from "../../../../src/cli/commands/look/parse-filters.ts";
import { engineUrl } from "../../../../src/core/machine/look.ts";
import { endpointOf } from "../../../../src/core/machine/open-machine.ts";
import { fakeEngineVersion } from "../../../support/network/fake-engine.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import {
  type CoreWorld,
  coreWorld,
  createRequest,
  runningMachine,
} from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

/** Of a machine that is never started. */
const fakeRecord = { memoryMiB: 1, sshPort: 1, dockerPort: 1 };

let world: CoreWorld;
let url: string;
let swarmAt: string;

/** "boss", the master of a classic Swarm, which runs; "node2" and "node10", which are off; "torn". */
beforeEach(async () => {
  world = await coreWorld({ provider: createFakeProvider({ aliases: ["imitation"] }) });
  const { store } = world.context;
  const { engine } = createRequest();
  const swarm = {
    ...{ isSwarm: true, isMaster: true, discovery: "token://a", host: "tcp://0.0.0.0:3376" },
    ...{ image: "swarm:latest", strategy: "spread", address: "", options: [], joinOptions: [] },
    isExperimental: false,
  };
  const boss = await runningMachine(world, {
    ...{ name: "boss", providerId: "imitation", engine: { ...engine, labels: ["spam=eggs"] } },
  });
  await store.writeMachine({ ...boss, swarm });
  for (const [name, changes] of [
    ["node10", {}],
    ["node2", { swarm: { ...swarm, isMaster: false } }],
    ["torn", {}],
  ] as const) {
    const provider = { id: "fake", record: { ...fakeRecord, name }, options: {} };
    const own = { name, provider, engine, endpoint: { ...endpointOf(boss), sshPort: 1 } };
    await store.createMachine({ ...boss, ...changes, ...own }, {});
    await world.provider.setPower(name, "stopped");
  }
  await writeFile(store.machineLayout("torn").record, "{");
  url = engineUrl(boss);
  swarmAt = url.replace(/\d+$/, "3376");
});

const ls = async (args: string[], environment = {}) =>
  (await runCommand(world, lsCommand, args, { environment })).stdout;

test("ls shows Swarms and drivers as docker-machine does", async () => {
  const rows = (await ls([], { DOCKER_HOST: swarmAt })).split("\n");
  expect(rows[1]).toMatch(/^boss +\* \(swarm\) +imitation +Running +tcp\S+ +boss \(master\) +v/);
  expect(rows[2]).toMatch(/^node2 +- +fake +Stopped +boss +Unknown$/);
  expect(rows[4]).toMatch(
    /^torn +- +not found +Error +Unknown +.*torn\/machine\.json is not readable/,
  );
});

test.each([{ args: [] }, { args: ["--json"] }, { args: ["-f", "{{.Error}}"] }])(
  "ls $args names the commands in its errors as it was called",
  async ({ args }) => {
    await rm(world.context.store.machineLayout("torn").record);
    await writeFile(world.context.store.machineLayout("torn").foreignRecord, "{}");
    const as = async (programName: "tsmachine" | "docker-machine") =>
      (await runCommand(world, lsCommand, args, { programName })).stdout;
    expect(await as("tsmachine")).toContain("tsmachine import");
    expect(await as("docker-machine")).toContain("docker-machine import");
  },
);

test("ls says under the name docker-machine that the engine's version is not known, and why", async () => {
  await world.provider.endEngine("boss");
  const errors = async (programName: "tsmachine" | "docker-machine") => {
    const args = ["-f", "{{.Error}}", "--filter", "name=boss|node2"];
    return (await runCommand(world, lsCommand, args, { programName })).stdout;
  };
  const plain = await errors("tsmachine");
  expect(plain).toMatch(/^the engine at .*\n\n$/);
  expect(await errors("docker-machine")).toBe(`Unable to query docker version: ${plain}`);
});

describe("ls --filter", () => {
  test("lists those that pass, with their rows or by name", async () => {
    const expectations = [
      [["name=^node"], "node2 node10"],
      [["name=boss", "NAME=node10"], "boss node10"],
      [["name=(?i)BOSS"], "boss"],
      [["driver=imitation"], "boss node2 node10"],
      [["state=running"], "boss"],
      [["state=Running", "state=Stopped"], "boss node2 node10"],
      [["state=error"], "torn"],
      [["state=Saved"], ""],
      [["swarm=boss"], "boss node2"],
      [["label=spam=eggs"], "boss"],
      [["swarm=boss", "state=Stopped", "name=o"], "node2"],
    ] as const;
    for (const [filters, names] of expectations) {
      const flags = filters.flatMap((filter) => ["--filter", filter]);
      const expected = names.split(" ").filter((name) => name !== "");
      expect((await ls(["-q", ...flags])).split("\n").filter(Boolean)).toEqual(expected);
      expect(JSON.parse(await ls([...flags, "--json"]))).toMatchObject(
        expected.map((name) => ({ name })),
      );
    }
  });

  test.each([
    ["nonsense", "Unsupported filter syntax"],
    ["foo=bar", "Unsupported filter key 'foo'"],
    ["Color=red", "Unsupported filter key 'color'"],
    ["name=(", "filter name=( is not a regular expression"],
  ])("%s is refused: %s", (filter, message) => {
    expect(() => parseFilters([filter])).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", message }),
    );
  });
});

describe("ls --format", () => {
  test("prints a line for each machine", async () => {
    expect(await ls(["-f", "{{.Name}}: {{.DriverName}} {{.State}}"])).toBe(
      ["boss: imitation Running", "node2: fake Stopped", "node10: fake Stopped", ""].join("\n") +
        "torn: not found Error\n",
    );
  });

  test("knows docker-machine's fields", async () => {
    const fields = [".Active", ".ActiveHost", ".ActiveSwarm", ".URL", ".Swarm", ".DockerVersion"];
    const format = `${fields.map((field) => `{{${field}}}`).join("|")}|{{json .Error}}`;
    const boss = ["--filter", "name=boss", "--format", format];
    expect(await ls(boss, { DOCKER_HOST: url })).toBe(
      `*|true|false|${url}|boss (master)|v${fakeEngineVersion}|""\n`,
    );
    expect(await ls(boss, { DOCKER_HOST: swarmAt })).toMatch(/^\* \(swarm\)\|false\|true\|/);
    const nested =
      "{{.SwarmOptions.Discovery}} {{index .EngineOptions.Labels 0}} {{.ResponseTime}}";
    expect(await ls(["--filter", "name=boss", "-f", nested])).toMatch(
      /^token:\/\/a spam=eggs \d+(\.\d+)?m?s\n$/,
    );
  });

  test("shows the others when a record cannot be read, which has options without values", async () => {
    expect(
      await ls(["-f", "{{.Name}} {{.EngineOptions.Labels}} {{.SwarmOptions.Discovery}}"]),
    ).toBe("boss [spam=eggs] token://a\nnode2 [] token://a\nnode10 [] \ntorn [] \n");
    expect(await ls(["-f", "{{json .EngineOptions.Env}} {{.SwarmOptions.Master}}"])).toMatch(
      /\n\[\] false\n$/,
    );
  });

  test("makes columns of what tabs divide, under headers, after the word table", async () => {
    expect(await ls(["--filter", "name=node", "-f", "table {{.Name}}\\t{{.State}}"])).toBe(
      "NAME     STATE\nnode2    Stopped\nnode10   Stopped\n",
    );
    expect(await ls(["--filter", "name=none", "-f", "table {{.Name}}: {{.DriverName}}"])).toBe(
      "NAME: DRIVER\n",
    );
  });

  test("refuses what rows lack, and what is no template before anybody is asked", async () => {
    await expect(ls(["-f", "{{.Nope}}"])).rejects.toMatchObject({
      code: "TEMPLATE_INVALID",
      message:
        'template: :1:2: executing "" at <.Nope>: ' +
        "can't evaluate field Nope in type commands.HostListItem",
    });
    await expect(ls(["-f", "{{.Name"])).rejects.toThrow("template: :1:0: unclosed action");
  });
});

test.each([
  [0, "0s"],
  [12, "12ms"],
  [1_500, "1.5s"],
  [70_000, "1m10s"],
  [3_725_000, "1h2m5s"],
])("%i ms are %s", (milliseconds, text) => {
  expect(goDuration(milliseconds)).toBe(text);
});

describe("active", () => {
  const active = async (DOCKER_HOST: string, ...args: string[]) =>
    (await runCommand(world, activeCommand, args, { environment: { DOCKER_HOST } })).stdout;

  test("finds the machine, though others that are off had its port, and the master of a Swarm", async () => {
    expect(await active(url)).toBe("boss\n");
    expect(await active(swarmAt)).toBe("boss\n");
  });

  test("finds no machine that is off", async () => {
    await world.provider.setPower("boss", "stopped");
    await expect(active(url)).rejects.toMatchObject({ code: "NO_ACTIVE_MACHINE" });
  });

  test("waits as long as it is told to", async () => {
    const slow = engineUrl(await runningMachine(world, { name: "slow" }));
    world.provider.hang("slow");
    await expect(active(slow, "-t", "1")).rejects.toMatchObject({
      ...{ code: "TIMEOUT", message: "Error getting active host: timeout" },
    });
  });
});
