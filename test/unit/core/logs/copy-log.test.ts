import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
import { agentFiles } from "../../../../src/core/agent/agent-files.ts";
import { copyLog, type LogRequest } from "../../../../src/core/logs/copy-log.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

function collector() {
  const sink = new PassThrough();
  let text = "";
  sink.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
  });
  return { sink, text: () => text };
}

async function machineWithLogs(provider = createFakeProvider()) {
  const world = await coreWorld({ provider });
  provider.filesIn = (directory) => ({ consoleLog: join(directory, "console.log") });
  await runningMachine(world);
  const { directory } = world.context.store.machineLayout("dev");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "console.log"), "[ 0.0] Linux\r\nup\xff\n", "latin1");
  await writeFile(agentFiles(directory).log, "2026-01-31 web: port in use\n");
  return { ...world, directory };
}

async function copied({ context }: CoreWorld, request: Partial<LogRequest>) {
  const { sink, text } = collector();
  const wanted = { kind: undefined, lines: undefined, isFollowed: false, ...request };
  await copyLog(context, "dev", { request: wanted, sink });
  return text();
}

test("the console's log is copied byte for byte, also of a machine that is off", async () => {
  const world = await machineWithLogs();
  await world.provider.setPower("dev", "stopped");
  expect(await copied(world, { kind: "console" })).toBe("[ 0.0] Linux\r\nup\xff\n");
  expect(await copied(world, { kind: "console", lines: 1 })).toBe("up\xff\n");
  expect(await copied(world, {})).toBe("[ 0.0] Linux\r\nup\xff\n");
});

test("the agent's log is copied", async () => {
  expect(await copied(await machineWithLogs(), { kind: "agent" })).toContain("web: port in use");
});

test("the engine's log cannot be read of a machine that is off, and the hints say what can be done", async () => {
  const world = await machineWithLogs();
  await world.provider.setPower("dev", "stopped");
  await expect(copied(world, { kind: "engine" })).rejects.toMatchObject({
    code: "MACHINE_NOT_RUNNING",
    hints: [
      "start it with `tsmachine start dev`",
      "read what it has said before with `tsmachine logs --console dev`",
    ],
  });
});

test("a log that nobody keeps is a capability that is missing", async () => {
  const provider = createFakeProvider({ capabilities: { forwards: false } });
  const world = await coreWorld({ provider });
  await runningMachine(world);
  for (const kind of ["console", "agent"] as const) {
    await expect(copied(world, { kind })).rejects.toMatchObject({ code: "CAPABILITY_MISSING" });
  }
});

test("a followed console goes on through stops, and ends with the machine", async () => {
  const world = await machineWithLogs();
  const { sink, text } = collector();
  const request: LogRequest = { kind: "console", lines: 1, isFollowed: true };
  const copying = copyLog(world.context, "dev", { request, sink });
  await vi.waitFor(() => expect(text()).toBe("up\xff\n"), 5_000);
  await world.provider.setPower("dev", "stopped");
  await appendFile(join(world.directory, "console.log"), "reboot\n");
  await vi.waitFor(() => expect(text()).toBe("up\xff\nreboot\n"), 5_000);
  await world.context.store.removeMachine("dev");
  await copying;
});
