import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { freeLoopbackPorts } from "../../src/host/ports.ts";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";
import { type RunningProgram, startProgram } from "../support/machines/tsmachine-running.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine();
  await importTinyImage(machine);
});
afterAll(() => machine[Symbol.asyncDispose]());

async function tsmachine(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await machine.store.tsmachine(...args);
  if (exitCode !== 0) throw new Error(`${args.join(" ")} ended with ${exitCode}: ${stderr}`);
  return stdout;
}

async function docker(args: string): Promise<void> {
  const { stderr, exitCode } = await machine.shell(`docker ${args}`);
  if (exitCode !== 0) throw new Error(`docker ${args}: ${stderr}`);
}

/** tsmachine at something that has no end of its own. */
async function started(...args: string[]): Promise<RunningProgram> {
  const [program] = (await machine.store.shell("command -v tsmachine")).stdout.trim().split("\n");
  const running = startProgram(machine.store, program ?? "", args);
  onTestFinished(() => running.kill("SIGKILL"));
  return running;
}

const rowsSchema = z.array(
  z.object({
    ...{ name: z.string(), status: z.string(), error: z.string() },
    ...{ processorPercent: z.number().optional(), residentBytes: z.number().optional() },
    ...{
      guestMemoryUsedBytes: z.number().optional(),
      guestMemoryTotalBytes: z.number().optional(),
    },
    ...{ diskBytes: z.number(), diskReadRate: z.number().optional() },
    ...{ diskWriteRate: z.number().optional() },
    ...{ receiveRate: z.number().optional(), sendRate: z.number().optional() },
  }),
);

async function measured() {
  const [row] = rowsSchema.parse(JSON.parse(await tsmachine("top", "--json", "-t", "60")));
  if (row === undefined) throw new Error("top has no row");
  return row;
}

describe("a machine that runs", () => {
  test("has the log of its engine, and all or the last lines of it", async () => {
    const whole = await tsmachine("logs");
    expect(whole).toContain("API listen on");
    const last = await tsmachine("logs", "--engine", "-n", "2", "default");
    expect(last.trim().split("\n")).toHaveLength(2);
  });

  test("has the log of its console, byte for byte", async () => {
    const path = (await machine.inspect()).Files.consoleLog;
    const printed = await tsmachine("logs", "--console");
    expect((await readFile(path, "utf8")).startsWith(printed)).toBe(true);
    expect(printed).toContain("tsmachine: booted in");
  });

  test("takes memory, disk and, while it works, processors and network", async () => {
    await docker(`run -d --name busy ${tinyImage} sh -c 'while :; do echo x >/tmp/x; done'`);
    const row = await measured();
    await docker("rm -f busy");
    expect(row).toMatchObject({ name: "default", status: "Running", error: "" });
    expect(row.processorPercent).toBeGreaterThan(20);
    expect(row.residentBytes).toBeGreaterThan(100 * 2 ** 20);
    expect(row.guestMemoryTotalBytes).toBeGreaterThan(800 * 2 ** 20);
    expect(row.guestMemoryUsedBytes).toBeGreaterThan(20 * 2 ** 20);
    expect(row.diskBytes).toBeGreaterThan(2 ** 20);
    // The questions themselves go over the network.
    expect(row.receiveRate).toBeGreaterThan(0);
    expect(row.sendRate).toBeGreaterThan(0);
    expect(row.diskReadRate).toBeGreaterThanOrEqual(0);
  });

  test("has figures of what its disk was written", async () => {
    const write = "while :; do head -c 4000000 /dev/zero | tr '\\0' x >/big; sync; done";
    await docker(`run -d --name writer ${tinyImage} sh -c "${write}"`);
    const row = await measured();
    await docker("rm -f writer");
    expect(row.diskWriteRate).toBeGreaterThan(0);
  });
});

describe("what has no end of its own", () => {
  test("an engine's log is followed, and nothing of that is left in the guest", async () => {
    const following = await started("logs", "--engine", "-f", "-n", "0");
    await machine.guest("until pidof tail >/dev/null; do sleep 0.2; done");
    await machine.guest("echo a-new-line | sudo tee -a /var/log/dockerd.log >/dev/null");
    await following.printed("a-new-line");
    following.kill("SIGINT");
    expect(await following.ended()).toMatchObject({ exitCode: 130 });
    await machine.guest(
      "n=0; while pidof tail >/dev/null; do n=$((n+1)); [ $n -lt 100 ]; sleep 0.2; done",
    );
  });

  test("events are told of a machine's ports, stop and start, and of its engine", async () => {
    const [port = 0] = await freeLoopbackPorts(1);
    const watching = await started("events", "--json", "--engine", "--since", "1d");
    await watching.printed('"created"');
    await docker(`run -d --name web -p ${port}:80 ${tinyImage} httpd -f -p 80 -h /www`);
    await watching.printed('"event":"container start","detail":"web"');
    await watching.printed(`"event":"port-opened","detail":"tcp 127.0.0.1 ${port}"`);
    await docker("rm -f web");
    await watching.printed(`"event":"port-closed","detail":"tcp 127.0.0.1 ${port}"`);
    const engine = await started("logs", "-f", "-n", "1");
    const console = await started("logs", "--console", "-f", "-n", "1");
    await tsmachine("stop");
    await watching.printed('"stopped"');
    expect(await engine.ended()).toMatchObject({ exitCode: 0 });
    await tsmachine("start");
    await watching.printed('"started"');
    await console.printed("tsmachine: booted in");
    watching.kill("SIGINT");
    const { exitCode, output } = await watching.ended();
    expect(exitCode).toBe(130);
    const told = output
      .trim()
      .split("\n")
      .map((line) => z.object({ event: z.string() }).parse(JSON.parse(line)).event);
    expect(told.indexOf("stopped")).toBeLessThan(told.lastIndexOf("started"));
    console.kill("SIGINT");
    expect(await console.ended()).toMatchObject({ exitCode: 130 });
  });

  test("top ends with q on a terminal, and shows the machine before", async () => {
    const words = ["-qec", "stty rows 24 columns 160; tsmachine top", "/dev/null"];
    const terminal = startProgram(machine.store, "script", words, { reads: true });
    onTestFinished(() => terminal.kill("SIGKILL"));
    await terminal.printed("default");
    terminal.type("q");
    const { exitCode, output } = await terminal.ended();
    expect(exitCode).toBe(0);
    expect(output).toContain("q or Ctrl-C ends");
    expect(output).toMatch(/default +Running/);
  });
});

describe("a machine that is off", () => {
  test("has its console and its disk, and says where its engine's log is", async () => {
    await tsmachine("stop");
    expect(await tsmachine("logs", "-n", "5")).not.toBe("");
    const { stderr, exitCode } = await machine.store.tsmachine("logs", "--engine");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^tsmachine: error: .*\[MACHINE_NOT_RUNNING\]\n/);
    expect(await measured()).toMatchObject({ status: "Stopped", diskBytes: expect.any(Number) });
  });

  test("is told to be gone when it is removed", async () => {
    const watching = await started("events", "--since", "1d");
    await watching.printed("default created");
    await tsmachine("rm", "-y", "default");
    await watching.printed("default removed");
    watching.kill("SIGTERM");
    expect(await watching.ended()).toMatchObject({ exitCode: 130 });
  });
});
