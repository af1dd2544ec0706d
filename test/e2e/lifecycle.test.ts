import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { processIdentitySchema } from "../../src/host/processes/process-identity.ts";
import {
  machineIn,
  openSharedCacheStore,
  smallMachine,
  type TestMachine,
} from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { leftoversIn } from "../support/machines/tsmachine-leftovers.ts";
import { killProcess, processesIn } from "../support/machines/tsmachine-processes.ts";

let store: TestStore;
let alpha: TestMachine;
let beta: TestMachine;
beforeAll(async () => {
  store = await openSharedCacheStore();
  alpha = machineIn(store, "alpha");
  beta = machineIn(store, "beta");
  return () => store[Symbol.asyncDispose]();
});

const statusOf = async (name: string) => (await store.tsmachine("status", name)).stdout.trim();
const portsOf = async (machine: TestMachine) => (await machine.inspect()).Record.endpoint;
const engineIdOf = async (machine: TestMachine) =>
  (await machine.shell("docker info --format '{{.ID}}'")).stdout;

/** kill -9 of the machine's QEMU, as the kernel does when memory runs out. */
async function killQemuBehindItsBack({ name }: TestMachine): Promise<void> {
  const [qemu] = await processesIn(join(store.path, "machines", name));
  expect(qemu).toBeDefined();
  if (qemu !== undefined) await killProcess(qemu);
}

describe("two machines", () => {
  test("are created at the same time", async () => {
    const created = await Promise.all(
      ["alpha", "beta"].map((name) => store.tsmachine("create", ...smallMachine, name)),
    );
    expect(created.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  test("are two engines", async () => {
    expect(await engineIdOf(alpha)).not.toBe(await engineIdOf(beta));
    const { stdout } = await store.tsmachine("ls");
    expect(
      stdout.match(/^(alpha|beta) +- +kvm +Running +tcp:\/\/127\.0\.0\.1:\d+ /gm),
    ).toHaveLength(2);
  });

  test("do not share what is removed: no process, file or lock of it is left", async () => {
    const { exitCode, stdout } = await store.tsmachine("rm", "-y", "beta");
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining("Successfully removed beta\n"),
    });
    expect(await leftoversIn(store)).toEqual({ files: ["machines/alpha"], processCount: 1 });
    expect(await statusOf("alpha")).toBe("Running");
  });
});

describe("a machine's power", () => {
  test("is left alone by `start` when it is on", async () => {
    expect(await store.tsmachine("start", "alpha")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Machine "alpha" is already running.'),
    });
  });

  test("goes off by `stop`, which lets the guest shut down in order", async () => {
    expect(await store.tsmachine("stop", "alpha")).toMatchObject({
      exitCode: 0,
      stdout: 'Machine "alpha" was stopped.\n',
    });
    expect(await statusOf("alpha")).toBe("Stopped");
    const { Files } = await alpha.inspect();
    const { stdout } = await store.shell(`grep ^tsmachine: ${Files.consoleLog} | tail -1`);
    expect(stdout.trim()).toBe("tsmachine: powered off");
  });

  test.each(["stop", "kill"])("is left alone by `%s` when it is off", async (command) => {
    expect(await store.tsmachine(command, "alpha")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Machine "alpha" is already stopped.'),
    });
  });

  test.each(["env", "ip", "url", "config", "ssh", "version"])(
    "must be on for `%s`",
    async (command) => {
      expect(await store.tsmachine(command, "alpha")).toMatchObject({
        exitCode: 1,
        stdout: "",
        stderr: expect.stringMatching(/Host ("alpha" )?is not running \[MACHINE_NOT_RUNNING\]/),
      });
    },
  );

  test("comes on at another port when somebody has taken the old one", async () => {
    const before = await portsOf(alpha);
    const occupant = createServer().listen(before.dockerPort, "127.0.0.1");
    onTestFinished(() => void occupant.close());
    await once(occupant, "listening");
    expect(await store.tsmachine("start", "alpha")).toMatchObject({ exitCode: 0 });
    const { dockerPort } = await portsOf(alpha);
    expect(dockerPort).not.toBe(before.dockerPort);
    const { stdout } = await alpha.shell(
      "docker version --format {{.Server.Os}} && echo $DOCKER_HOST",
    );
    expect(stdout).toBe(`linux\ntcp://127.0.0.1:${dockerPort}\n`);
  });

  test("goes off by `kill` at once, and comes on again at the same ports", async () => {
    const before = await portsOf(alpha);
    expect(await store.tsmachine("kill", "alpha")).toMatchObject({
      exitCode: 0,
      stdout: 'Machine "alpha" was killed.\n',
    });
    expect(await processesIn(store.path)).toEqual([]);
    expect(await store.tsmachine("start", "alpha")).toMatchObject({ exitCode: 0 });
    expect(await portsOf(alpha)).toEqual(before);
  });
});

describe("a QEMU that was killed behind our back", () => {
  test("is reported as stopped", async () => {
    await importTinyImage(alpha);
    const write = `docker run --rm -v kept:/kept ${tinyImage} sh -c 'echo content >/kept/file; sync'`;
    expect(await alpha.shell(write)).toMatchObject({ exitCode: 0 });
    await killQemuBehindItsBack(alpha);
    expect(await statusOf("alpha")).toBe("Stopped");
    expect((await store.tsmachine("ls")).stdout).toMatch(/^alpha +- +kvm +Stopped /m);
  });

  test("does not cost another process its life that has its pid now", async () => {
    const bystander = spawn("sleep", ["600"]);
    onTestFinished(() => void bystander.kill("SIGKILL"));
    await once(bystander, "spawn");
    const folder = join(store.path, "machines/alpha");
    const stale = processIdentitySchema.parse({
      pid: bystander.pid,
      startedAt: "an earlier boot/1",
    });
    await writeFile(join(folder, "qemu.json"), JSON.stringify(stale));
    await writeFile(join(folder, "qemu.pid"), `${bystander.pid}\n`);
    expect(await statusOf("alpha")).toBe("Stopped");
    expect(await store.tsmachine("kill", "alpha")).toMatchObject({ exitCode: 1 });
    expect(await store.tsmachine("start", "alpha")).toMatchObject({ exitCode: 0 });
    expect({ exitCode: bystander.exitCode, signal: bystander.signalCode }).toEqual({
      exitCode: null,
      signal: null,
    });
  });

  test("has not lost what a volume held", async () => {
    const read = `docker run --rm -v kept:/kept ${tinyImage} cat /kept/file`;
    expect(await alpha.shell(read)).toMatchObject({ exitCode: 0, stdout: "content\n" });
  });
});

describe("a machine that was started from a terminal", () => {
  test("goes on when the terminal is closed", async () => {
    await store.tsmachine("kill", "alpha");
    await store.shell('script -qec "tsmachine start alpha" /dev/null </dev/null');
    expect(await statusOf("alpha")).toBe("Running");
    expect(await alpha.shell("docker info")).toMatchObject({ exitCode: 0 });
  });
});
