// Records that this program cannot read, or only in part: what each command makes of them.
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import {
  type GuestlessMachine,
  prepareGuestlessMachine,
} from "../support/crash/guestless-machine.ts";
import { openSharedCacheStore } from "../support/machines/machine.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { filesBeside } from "../support/machines/tsmachine-leftovers.ts";
import { processesIn } from "../support/machines/tsmachine-processes.ts";

let guestless: GuestlessMachine;
beforeAll(async () => {
  guestless = await prepareGuestlessMachine();
});
afterAll(() => guestless[Symbol.asyncDispose]());

const recordSchema = z.looseObject({ schemaVersion: z.number() });

const recordPath = ({ path }: TestStore) => join(path, "machines/dev/machine.json");
const readRecord = async (store: TestStore) =>
  recordSchema.parse(JSON.parse(await readFile(recordPath(store), "utf8")));

/** A machine that runs. */
async function openStoreWithMachine(): Promise<TestStore> {
  const store = await openSharedCacheStore();
  expect(await store.tsmachine("create", ...guestless.flags, "dev")).toMatchObject({ exitCode: 0 });
  return store;
}

/** Names of a machine's files with their size and time, but for the log of its agent, which goes on meanwhile. */
async function filesOf({ path }: TestStore): Promise<string[]> {
  const folder = join(path, "machines/dev");
  const names = (await readdir(folder)).filter((name) => name !== "agent.log");
  const described = names.map(async (name) => {
    const { size, mtimeMs, ino } = await stat(join(folder, name));
    return `${name} ${size} ${mtimeMs} ${ino}`;
  });
  return (await Promise.all(described)).sort();
}

describe("a record of a newer program", () => {
  const commands = [
    ...["config", "env", "inspect", "ip", "kill", "provision", "restart", "start", "status"],
    ...["stop", "upgrade", "url", "version", "use"],
  ].map((command) => [command, "dev"]);

  test("is refused by every command and changed by none, has its row, and goes by `rm -f` alone", async () => {
    await using store = await openStoreWithMachine();
    const record = await readRecord(store);
    await writeFile(recordPath(store), JSON.stringify({ ...record, schemaVersion: 2, phase: [] }));
    const before = await filesOf(store);
    for (const args of [
      ...commands,
      ...[
        ["create", ...guestless.flags, "dev"],
        ["regenerate-certs", "-f", "dev"],
      ],
      ...[
        ["ssh", "dev", "true"],
        ["scp", "dev:/etc/hostname", store.path],
        ["rm", "-y", "dev"],
      ],
    ]) {
      const { exitCode, stderr } = await store.tsmachine(...args);
      expect({ args, exitCode, stderr }).toEqual({
        ...{ args, exitCode: 1, stderr: expect.stringContaining("[RECORD_NEWER]") },
      });
    }
    expect(await filesOf(store)).toEqual(before);
    expect((await store.tsmachine("ls")).stdout).toMatch(/^dev .* Error .*newer tsmachine/m);
    expect(await store.tsmachine("rm", "-f", "dev")).toMatchObject({ exitCode: 0 });
    expect(await filesBeside(store)).toEqual([]);
    expect(await processesIn(store.path)).toEqual([]);
  });
});

describe("a damaged record", () => {
  test.each([
    ["torn", (text: string) => text.slice(0, text.length / 2)],
    ["broken by hand", (text: string) => text.replace('"phase": "ready"', '"phase": "fine"')],
    ["empty", () => ""],
  ])(
    "that is %s has a row beside the others, and the machine that runs is removed",
    async (_, damage) => {
      await using store = await openStoreWithMachine();
      const none = ["create", "-d", "none", "--url", "tcp://192.0.2.1:2376", "other"];
      expect(await store.tsmachine(...none)).toMatchObject({ exitCode: 0 });
      const path = recordPath(store);
      await writeFile(path, damage(await readFile(path, "utf8")));
      const { stdout } = await store.tsmachine("ls", "-t", "1");
      expect(stdout).toMatch(/^dev .* Error .*machine\.json is not readable/m);
      expect(stdout).toMatch(/^other /m);
      expect(await store.tsmachine("rm", "-f", "dev", "other")).toMatchObject({ exitCode: 0 });
      expect(await filesBeside(store)).toEqual([]);
      expect(await processesIn(store.path)).toEqual([]);
    },
  );
});

test("a folder that is emptied while its machine runs has a row, and `rm -f` ends the machine", async () => {
  await using store = await openStoreWithMachine();
  await store.shell(`rm ${store.path}/machines/dev/*`);
  const { stdout } = await store.tsmachine("ls");
  expect(stdout).toMatch(/^dev .* Error .*machine\.json is not readable: there is no such file/m);
  expect(await processesIn(store.path)).toHaveLength(1);
  expect(await store.tsmachine("rm", "-f", "dev")).toMatchObject({ exitCode: 0 });
  expect(await filesBeside(store)).toEqual([]);
  expect(await processesIn(store.path)).toEqual([]);
});

test("a disk that is deleted is told by `status` and `inspect` when the machine is off", async () => {
  await using store = await openStoreWithMachine();
  expect(await store.tsmachine("kill", "dev")).toMatchObject({ exitCode: 0 });
  await store.shell(`rm ${store.path}/machines/dev/data.raw`);
  expect((await store.tsmachine("status", "dev")).stdout).toBe("Error\n");
  expect(JSON.parse((await store.tsmachine("inspect", "dev")).stdout)).toMatchObject({
    ...{ Status: "Error", Problem: "its disk or folder is gone" },
  });
  expect(await store.tsmachine("rm", "-y", "dev")).toMatchObject({ exitCode: 0 });
  expect(await filesBeside(store)).toEqual([]);
});

test("fields that this program does not know survive every command that rewrites the record", async () => {
  await using store = await openStoreWithMachine();
  const record = await readRecord(store);
  const unknown = { colour: "red", nested: { since: [7] } };
  await writeFile(recordPath(store), JSON.stringify({ ...record, ...unknown }));
  for (const [command = "", ...flags] of [["stop"], ["start"], ["restart"], ["kill"], ["start"]]) {
    expect(await store.tsmachine(command, ...flags, "dev")).toMatchObject({ exitCode: 0 });
    expect(await readRecord(store)).toMatchObject(unknown);
  }
  await store.tsmachine("kill", "dev");
  const provision = ["provision", "--engine-label", "a=b", "dev"];
  expect(await store.tsmachine(...provision)).toMatchObject({ exitCode: 0 });
  expect(await readRecord(store)).toMatchObject({ ...unknown, engine: { labels: ["a=b"] } });
});
