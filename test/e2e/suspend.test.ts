import { stat } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { poll } from "../../src/host/poll.ts";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";
import { processesIn } from "../support/machines/tsmachine-processes.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine();
  await importTinyImage(machine);
  const count = "n=0; while :; do n=$((n+1)); echo $n >/tmp/n; sleep 1; done";
  await shell(`docker run -d --name counter ${tinyImage} sh -c '${count}'`);
  await shell(
    `docker run -d --name web -p 127.0.0.1::8080 ${tinyImage} httpd -f -p 8080 -h /www >/dev/null`,
  );
});
afterAll(() => machine[Symbol.asyncDispose]());

const limits = (waitingFor: string, timeoutMs: number) => ({
  ...{ waitingFor, timeoutMs, everyMs: 200 },
  signal: AbortSignal.timeout(2 * timeoutMs),
});

/** What a script prints here, with docker pointed at the machine; anything but success is an error. */
async function shell(script: string): Promise<string> {
  const { stdout, stderr, exitCode } = await machine.shell(script);
  if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${stderr}`);
  return stdout.trim();
}

const tsmachine = async (...args: string[]) => {
  const { stdout, stderr, exitCode } = await machine.store.tsmachine(...args);
  if (exitCode !== 0) throw new Error(`${args.join(" ")} ended with ${exitCode}: ${stderr}`);
  return stdout;
};
const bootId = () => machine.guest("cat /proc/sys/kernel/random/boot_id");
const counted = async () => Number(await shell("docker exec counter cat /tmp/n"));
const startOfCounter = () => shell("docker inspect -f '{{.State.StartedAt}}' counter");

async function untilServed(): Promise<void> {
  const address = await shell("docker port web 8080");
  const look = async () => {
    const response = await fetch(`http://${address}/`).catch(() => undefined);
    return response?.ok && (await response.text()) === "served\n" ? true : undefined;
  };
  await poll(look, limits(`the container at ${address}`, 30_000));
}

const memoryMiB = async () => Number(await machine.guest("free -m | awk '/^Mem/ { print $2 }'"));
const diskMiB = async () =>
  Number(await machine.guest("df -m /mnt/data | awk 'NR == 2 { print $2 }'"));

describe("a machine that runs", () => {
  test("has a larger disk as soon as that is set, and other memory not yet", async () => {
    const former = { memory: await memoryMiB(), disk: await diskMiB() };
    expect(await tsmachine("set", "--memory", "1536", "--disk", "6144")).toMatch(
      /has 1536 MiB of memory, \d CPUs? and a disk of 6144 MiB from its next start on\.$/m,
    );
    expect(await diskMiB()).toBeGreaterThan(former.disk + 1_800);
    expect(await memoryMiB()).toBe(former.memory);
  });

  test("is not removed while it is protected", async () => {
    await tsmachine("set", "--protect");
    const { exitCode, stderr } = await machine.store.tsmachine("rm", "-f", "default");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining("[MACHINE_PROTECTED]"),
    });
    expect(await tsmachine("set", "--no-protect")).toContain("has 1536 MiB of memory");
    expect(await tsmachine("status")).toBe("Running\n");
  });
});

describe("a suspended machine", () => {
  test("is saved, and no process of it runs", async () => {
    await untilServed();
    const former = { boot: await bootId(), start: await startOfCounter(), count: await counted() };
    expect(await tsmachine("suspend")).toBe('Machine "default" was suspended.\n');
    expect(await tsmachine("status")).toBe("Saved\n");
    expect(await processesIn(machine.store.path)).toEqual([]);
    await tsmachine("start");
    expect(await bootId()).toBe(former.boot);
    expect(await startOfCounter()).toBe(former.start);
    expect(await counted()).toBeGreaterThanOrEqual(former.count);
  });

  test("has its published ports and the right time again", async () => {
    await untilServed();
    const skew = async () => Number(await machine.guest("date +%s")) - Date.now() / 1000;
    const look = async () => (Math.abs(await skew()) < 2 ? true : undefined);
    await poll(look, limits("the guest's clock to be right", 30_000));
  });

  test("that is stopped boots at its next start", async () => {
    const former = await bootId();
    await tsmachine("suspend");
    await tsmachine("stop");
    expect(await tsmachine("status")).toBe("Stopped\n");
    await tsmachine("start");
    expect(await bootId()).not.toBe(former);
    expect(await memoryMiB()).toBeGreaterThan(1_280);
  });
});

describe("a snapshot of a machine that runs", () => {
  test("brings back its disk, its memory and its containers", async () => {
    await shell("docker start counter web");
    await shell(`docker run --rm -v kept:/kept ${tinyImage} sh -c 'echo before >/kept/file'`);
    const former = { boot: await bootId(), start: await startOfCounter() };
    await tsmachine("snapshot", "create", "default", "before");
    await shell(`docker run --rm -v kept:/kept ${tinyImage} sh -c 'echo after >/kept/file'`);
    await shell("docker rm -f counter");
    await tsmachine("snapshot", "restore", "default", "before");
    expect(await tsmachine("status")).toBe("Saved\n");
    await tsmachine("start");
    expect(await bootId()).toBe(former.boot);
    expect(await startOfCounter()).toBe(former.start);
    expect(await shell(`docker run --rm -v kept:/kept ${tinyImage} cat /kept/file`)).toBe("before");
    await untilServed();
    await tsmachine("snapshot", "rm", "default", "before");
  });
});

describe("the data disk's file", () => {
  const sizeMiB = async () => {
    const { blocks } = await stat((await machine.inspect()).Files.dataDisk);
    return (blocks * 512) / 2 ** 20;
  };

  test("gives back what 2 GB that were written and removed took", async () => {
    await machine.guest("sync");
    const before = await sizeMiB();
    // Bytes that are made one by one take minutes where the processor is emulated; zeros would take no space.
    const write =
      "head -c 20000000 /dev/urandom >/part; for i in $(seq 100); do cat /part; done >/big";
    await shell(`docker run --name writer ${tinyImage} sh -c '${write}'`);
    await machine.guest("sync");
    const full = await sizeMiB();
    expect(full - before).toBeGreaterThan(1_800);
    await shell("docker rm writer && docker system prune -f");
    await machine.guest("sync");
    const look = async () =>
      (await sizeMiB()) - before < 0.2 * (full - before) ? true : undefined;
    await poll(look, limits("the disk's file to shrink", 30_000));
  });
});
