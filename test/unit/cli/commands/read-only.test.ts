import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import type { CommandFactory } from "../../../../src/cli/cli.ts";
import { activeCommand } from "../../../../src/cli/commands/client/active.ts";
import { configCommand } from "../../../../src/cli/commands/client/config.ts";
import { envCommand } from "../../../../src/cli/commands/client/env.ts";
import { ipCommand } from "../../../../src/cli/commands/client/ip.ts";
import { urlCommand } from "../../../../src/cli/commands/client/url.ts";
import { inspectCommand } from "../../../../src/cli/commands/look/inspect.ts";
import { lsCommand } from "../../../../src/cli/commands/look/ls.ts";
import { statusCommand } from "../../../../src/cli/commands/look/status.ts";
import { logsCommand } from "../../../../src/cli/commands/watch/logs.ts";
import { topCommand } from "../../../../src/cli/commands/watch/top.ts";
import { engineUrl } from "../../../../src/core/machine/look.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: CoreWorld;
let DOCKER_HOST: string;
beforeEach(async () => {
  world = await coreWorld();
  DOCKER_HOST = engineUrl(await runningMachine(world));
});

test.each<[string, CommandFactory, string[]]>([
  ["active", activeCommand, []],
  ["config", configCommand, ["dev"]],
  ["env", envCommand, ["--shell", "sh", "dev"]],
  ["inspect", inspectCommand, ["dev"]],
  ["ip", ipCommand, ["dev"]],
  ["ls", lsCommand, []],
  ["ls -q", lsCommand, ["-q", "--filter", "state=Running"]],
  ["logs", logsCommand, ["--agent", "dev"]],
  ["top", topCommand, ["-t", "1"]],
  ["status", statusCommand, ["dev"]],
  ["url", urlCommand, ["dev"]],
])("%s leaves every file and folder of the store as it is", async (_, factory, args) => {
  const before = await everything();
  await runCommand(world, factory, args, { environment: { DOCKER_HOST } });
  expect(await everything()).toEqual(before);
});

/** Paths with size, time of the last change of content or attributes, and inode. */
async function everything(): Promise<string[]> {
  const { root } = world.context.store.layout;
  const paths = await readdir(root, { recursive: true });
  const described = paths.map(async (path) => {
    const { size, mtimeMs, ctimeMs, ino } = await stat(join(root, path));
    return `${path} ${size} ${mtimeMs} ${ctimeMs} ${ino}`;
  });
  return (await Promise.all(described)).sort();
}
