// Copies of real machines: a clone beside its source, and a machine that moves to another store.
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createTestMachine,
  machineIn,
  openSharedCacheStore,
  type TestMachine,
} from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";

/** What a script prints here, with docker pointed at the machine; anything but success is an error. */
async function shell(machine: TestMachine, script: string): Promise<string> {
  const { stdout, stderr, exitCode } = await machine.shell(script);
  if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${stderr}`);
  return stdout.trim();
}

async function succeed(store: TestStore, ...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await store.tsmachine(...args);
  if (exitCode !== 0) throw new Error(`${args.join(" ")} ended with ${exitCode}: ${stderr}`);
  return stdout;
}

/** All that tells a machine from another one, by what asks for it. */
async function identityOf(machine: TestMachine) {
  const { Record, Driver } = await machine.inspect();
  const serverKey = join(machine.store.path, "machines", machine.name, "server-key.pem");
  return {
    engine: await shell(machine, "docker info -f '{{.ID}}'"),
    machineId: (await machine.guest("cat /etc/machine-id")).trim(),
    hardware: (await machine.guest("sudo cat /sys/class/dmi/id/product_uuid")).trim(),
    mac: (await machine.guest("cat /sys/class/net/e*/address")).trim(),
    hostName: (await machine.guest("hostname")).trim(),
    hostKey: Record.sshHostKey,
    userKey: await readFile(Driver.SSHKeyPath, "utf8"),
    serverKey: await readFile(serverKey, "utf8"),
    sshPort: String(Record.endpoint.sshPort),
    dockerPort: String(Record.endpoint.dockerPort),
  };
}

const swarmState = (machine: TestMachine) =>
  shell(machine, "docker info -f '{{.Swarm.LocalNodeState}}'");

const inVolume = (machine: TestMachine) =>
  shell(machine, `docker run --rm -v kept:/v ${tinyImage} cat /v/word`);

let source: TestMachine;
beforeAll(async () => {
  source = await createTestMachine();
  await importTinyImage(source);
  await shell(source, `docker run --rm -v kept:/v ${tinyImage} sh -c 'echo kept >/v/word'`);
  await shell(source, `docker run --name job ${tinyImage} echo done`);
  await shell(source, "docker swarm init --advertise-addr 127.0.0.1");
});
afterAll(() => source[Symbol.asyncDispose]());

describe("a clone", () => {
  test("is refused of a machine that runs, with what to do", async () => {
    const { exitCode, stderr } = await source.store.tsmachine("clone", "default", "copy");
    expect({ exitCode, stderr }).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringMatching(/MACHINE_NOT_STOPPED[\s\S]*stop default/) },
    });
  });

  test("runs beside its source as another machine, with the same volumes, images and containers", async () => {
    const { store } = source;
    const before = await identityOf(source);
    await succeed(store, "stop", "default");
    await succeed(store, "clone", "default", "copy");
    const folder = join(store.path, "machines");
    const [disk, copied] = await Promise.all(
      ["default", "copy"].map((name) => stat(join(folder, name, "data.raw"))),
    );
    expect(copied?.size).toBe(disk?.size);
    expect(copied?.blocks).toBeLessThan((disk?.blocks ?? 0) * 1.2);
    await succeed(store, "start", "default", "copy");
    const copy = machineIn(store, "copy");
    const [one, other] = [await identityOf(source), await identityOf(copy)];
    expect(one).toEqual(before);
    const shared = Object.entries(one).filter(([, value]) => Object.values(other).includes(value));
    expect(shared).toEqual([]);
    expect([await inVolume(copy), await shell(copy, "docker logs job")]).toEqual(["kept", "done"]);
    expect([await swarmState(source), await swarmState(copy)]).toEqual(["active", "inactive"]);
    await shell(copy, `docker run --rm -v kept:/v ${tinyImage} sh -c 'echo other >/v/word'`);
    expect([await inVolume(source), await inVolume(copy)]).toEqual(["kept", "other"]);
    await succeed(store, "restart", "copy");
    expect(await identityOf(copy)).toEqual(other);
    await succeed(store, "rm", "-y", "copy");
  });
});

test("an exported machine is the same one in another store, with that store's authority", async () => {
  const { store } = source;
  // It runs already, unless another test has failed half-way.
  await store.tsmachine("start", "default");
  const before = await identityOf(source);
  const archive = join(dirname(store.path), "moved.tsmachine");
  await succeed(store, "stop", "default");
  const exported = JSON.parse(await succeed(store, "export", "--json", "default", archive));
  const { size, mode } = await stat(archive);
  expect(exported).toEqual({ name: "default", file: archive, size, diskBytes: 4096 * 2 ** 20 });
  expect(mode & 0o777).toBe(0o600);
  await using elsewhere = await openSharedCacheStore();
  const imported = await succeed(elsewhere, "import", "--json", "--name", "moved", archive);
  expect(JSON.parse(imported)).toEqual({
    ...{ name: "moved", outcome: "imported", certificate: "renewed", imagesToMake: [] },
  });
  await succeed(elsewhere, "start", "moved");
  await succeed(store, "start", "default");
  const moved = machineIn(elsewhere, "moved");
  const { engine, machineId, hostKey, userKey, ...own } = await identityOf(moved);
  expect({ engine, machineId, hostKey, userKey }).toEqual({
    ...{ engine: before.engine, machineId: before.machineId },
    ...{ hostKey: before.hostKey, userKey: before.userKey },
  });
  expect(Object.values(own).filter((value) => Object.values(before).includes(value))).toEqual([]);
  expect([await inVolume(moved), await swarmState(moved)]).toEqual(["kept", "active"]);
  const [here, there] = [await source.engineAccess(), await moved.engineAccess()];
  expect(there.ca).not.toBe(here.ca);
  const record = await readFile(join(elsewhere.path, "machines/moved/machine.json"), "utf8");
  expect(record).not.toContain(store.path);
});
