import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTextIfPresent } from "../../src/host/files/files.ts";
import { poll } from "../../src/host/poll.ts";
import { identifyProcess } from "../../src/host/processes/process-identity.ts";
import { machineIn, openSharedCacheStore, smallMachine } from "../support/machines/machine.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { leftoversIn, nothingLeft } from "../support/machines/tsmachine-leftovers.ts";
import { processesIn, untilEnded } from "../support/machines/tsmachine-processes.ts";
import { startProgram } from "../support/machines/tsmachine-running.ts";

const createArguments = ["create", ...smallMachine, "default"];

/** Kills the command line while the machine that it creates boots. */
async function killDuringBoot(store: TestStore): Promise<void> {
  const create = startProgram(store, "tsmachine", createArguments);
  await create.printed("Waiting for the engine");
  create.kill("SIGKILL");
  expect(await create.ended()).toMatchObject({ signal: "SIGKILL" });
  expect(await processesIn(store.path)).toHaveLength(1);
}

/** Waits until the machine "default" has written this on its console. */
async function consoleHas(store: TestStore, text: string): Promise<void> {
  const path = join(store.path, "machines", "default", "console.log");
  const look = async () => ((await readTextIfPresent(path))?.includes(text) ? true : undefined);
  const signal = new AbortController().signal;
  await poll(look, { waitingFor: `"${text}" in ${path}`, everyMs: 50, timeoutMs: 120_000, signal });
}

describe("`create` leaves nothing behind", () => {
  test.each([
    { signal: "SIGINT", moment: "Making keys and certificates" },
    { signal: "SIGINT", moment: "Starting machine" },
    { signal: "SIGINT", moment: "Waiting for the engine" },
    { signal: "SIGHUP", moment: "Waiting for the engine" },
  ] as const)("after $signal at $moment", async ({ signal, moment }) => {
    await using store = await openSharedCacheStore();
    const create = startProgram(store, "tsmachine", createArguments);
    await create.printed(moment);
    create.kill(signal);
    expect(await create.ended()).toMatchObject({
      exitCode: 130,
      output: expect.stringContaining("tsmachine: error: cancelled [CANCELLED]"),
    });
    expect(await leftoversIn(store)).toEqual(nothingLeft);
  });

  test("after SIGTERM when the guest has booted", async () => {
    await using store = await openSharedCacheStore();
    const create = startProgram(store, "tsmachine", createArguments);
    await consoleHas(store, "tsmachine: booted");
    create.kill("SIGTERM");
    expect(await create.ended()).toMatchObject({ exitCode: 130 });
    expect(await leftoversIn(store)).toEqual(nothingLeft);
  });

  test("after its terminal was closed", async () => {
    await using store = await openSharedCacheStore();
    const command = ["tsmachine", ...createArguments].join(" ");
    const script = [
      "-qfec",
      `stty cols 100 rows 30; echo process $$; exec ${command}`,
      "/dev/null",
    ];
    const terminal = startProgram(store, "script", script);
    await terminal.printed("Waiting for the engine");
    const create = await identifyProcess(Number(/process (\d+)/.exec(terminal.output())?.[1]));
    terminal.kill("SIGKILL");
    if (create !== undefined) await untilEnded(create);
    expect(create).toBeDefined();
    expect(await leftoversIn(store)).toEqual(nothingLeft);
  });
});

describe("a `create` that was killed", () => {
  test("is told by `ls`, and made good by the next `create`", async () => {
    await using store = await openSharedCacheStore();
    await killDuringBoot(store);
    expect((await store.tsmachine("ls")).stdout).toMatch(/^default .*creation/m);
    expect(await store.tsmachine(...createArguments)).toMatchObject({ exitCode: 0 });
    expect(await processesIn(store.path)).toHaveLength(1);
    expect((await store.tsmachine("ls")).stdout).toMatch(/^default +- +kvm +Running /m);
    const { exitCode } = await machineIn(store, "default").shell("docker info");
    expect(exitCode).toBe(0);
  });

  test("is undone by `rm -f`, with its QEMU", async () => {
    await using store = await openSharedCacheStore();
    await killDuringBoot(store);
    expect(await store.tsmachine("rm", "-f", "default")).toMatchObject({ exitCode: 0 });
    expect(await leftoversIn(store)).toEqual(nothingLeft);
  });
});
