import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ImportRequest, importMachines } from "../../../../src/core/import/import-machines.ts";
import { createMachine } from "../../../../src/core/machine/create.ts";
import { engineUrl } from "../../../../src/core/machine/look.ts";
import { sshAccessOf } from "../../../../src/core/machine/ssh-access.ts";
import { createGenericProvider } from "../../../../src/providers/generic/provider.ts";
import { createNoneProvider } from "../../../../src/providers/none/provider.ts";
import {
  type OldMachineSettings,
  type OldVersion,
  oldStore,
} from "../../../support/docker-machine/old-store.ts";
import { coreWorld, createRequest } from "../../../support/worlds/core-world.ts";

async function importWorld({ now }: { now?: Date } = {}) {
  const world = await coreWorld({
    otherProviders: [createGenericProvider(), createNoneProvider()],
  });
  const old = await oldStore(now === undefined ? {} : { now });
  const take = (changes: Partial<ImportRequest> = {}) =>
    importMachines(world.context, { path: old.path, names: [], how: "take over", ...changes });
  return { ...world, old, take };
}

const web: OldMachineSettings = {
  ...{ name: "web", driver: "generic", sshKey: "a private key" },
  fields: { IPAddress: "192.0.2.7", SSHUser: "admin", SSHPort: 2222, EnginePort: 2377 },
};
const db: OldMachineSettings = {
  name: "db",
  driver: "none",
  fields: { URL: "tcp://192.0.2.8:2376" },
};

/** Every file below the folder, with its content. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await readFile(path, "utf8")] as const)),
  );
}

describe("a host that docker-machine knew", () => {
  test.each<OldVersion>([0, 1, 2, 3])("is taken over from version %i", async (version) => {
    const { context, old, take } = await importWorld();
    await old.add({ ...web, version });
    await old.add({ ...db, version });
    const before = await contentOf(old.path);
    expect(await take()).toEqual([
      { name: "db", driver: "none", outcome: "imported", notes: [] },
      {
        ...{ name: "web", driver: "generic", outcome: "imported" },
        notes: ["its SSH host key is trusted at the first login"],
      },
    ]);
    const record = await context.store.readMachine("web");
    expect(record).toMatchObject({
      ...{ name: "web", phase: "ready", provider: { id: "generic" } },
      endpoint: { address: "192.0.2.7", sshPort: 2222, sshUser: "admin", dockerPort: 2377 },
      tlsSans: version === 3 ? ["engine.example"] : [],
    });
    expect(record.engine).toEqual(
      version === 0
        ? {
            ...{ labels: [], registryMirrors: [], insecureRegistries: [], arbitraryFlags: [] },
            environment: {},
          }
        : {
            ...{ labels: ["spam=eggs"], registryMirrors: [], storageDriver: "overlay2" },
            ...{ insecureRegistries: ["registry.example"], arbitraryFlags: ["log-driver=none"] },
            environment: { A: "b=c" },
          },
    );
    expect(engineUrl(record)).toBe("tcp://192.0.2.7:2377");
    expect(engineUrl(await context.store.readMachine("db"))).toBe("tcp://192.0.2.8:2376");
    expect(await contentOf(old.path)).toEqual(before);
  });

  test("keeps the certificates of its own authority, for nobody else to read", async () => {
    const { context, old, take } = await importWorld();
    await old.add(web);
    await old.add(db);
    await take();
    for (const name of ["web", "db"]) {
      const { directory, ca, certificate, key } = context.store.machineLayout(name);
      for (const [path, file] of [
        [ca, "ca.pem"],
        [certificate, "cert.pem"],
        [key, "key.pem"],
      ] as const) {
        expect(await readFile(path, "utf8")).toBe(
          await readFile(join(old.path, "certs", file), "utf8"),
        );
      }
      for (const file of await readdir(directory)) {
        expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
      }
    }
    expect(await readFile(context.store.machineLayout("web").sshKey, "utf8")).toBe("a private key");
    expect(await readdir(context.store.layout.root)).not.toContain("certs");
  });

  test("is found where its store is now, not where it was recorded", async () => {
    const { context, old, take } = await importWorld();
    await old.add(web);
    await old.add(db);
    const moved = `${old.path}-moved`;
    await rename(old.path, moved);
    expect((await take({ path: moved })).map(({ outcome }) => outcome)).toEqual([
      ...["imported", "imported"],
    ]);
    expect(await readFile(context.store.machineLayout("web").sshKey, "utf8")).toBe("a private key");
  });

  test("has docker-machine's defaults for what it does not say", async () => {
    const { context, old, take } = await importWorld();
    await old.add({ ...web, version: 1, fields: { IPAddress: "192.0.2.7", SSHPort: 0 } });
    await take({ sshHostKey: hostKey });
    expect(sshAccessOf(await context.store.readMachine("web"))).toEqual({
      ...{ address: "192.0.2.7", port: 22, user: "root", hostKey },
    });
    expect(await readFile(context.store.machineLayout("web").knownHosts, "utf8")).toBe(
      `192.0.2.7 ${hostKey}\n`,
    );
  });

  test("is there already the second time", async () => {
    const { context, old, take } = await importWorld();
    await old.add(web);
    await take();
    const record = await context.store.readMachine("web");
    expect(await take()).toMatchObject([{ name: "web", outcome: "present", notes: [] }]);
    expect(await context.store.readMachine("web")).toEqual(record);
  });

  test("is only looked at when that is all that is asked for", async () => {
    const { context, old, take } = await importWorld();
    await old.add(web);
    expect(await take({ how: "look" })).toMatchObject([{ name: "web", outcome: "importable" }]);
    expect(await context.store.listMachineNames()).toEqual([]);
    expect(await readdir(context.store.layout.root).catch(() => [])).toEqual([]);
  });

  test("is taken over alone when it is named", async () => {
    const { context, old, take } = await importWorld();
    await old.add(web);
    await old.add(db);
    expect(await take({ names: ["db"] })).toMatchObject([{ name: "db", outcome: "imported" }]);
    expect(await context.store.listMachineNames()).toEqual(["db"]);
    await expect(take({ names: ["nobody"] })).rejects.toMatchObject({ code: "MACHINE_NOT_FOUND" });
  });

  test("says what is missing and out of date", async () => {
    const { old, take } = await importWorld({ now: new Date("2015-06-01") });
    await old.add({ ...web, sshKey: undefined, hasFiles: true });
    const [{ notes } = { notes: [] }] = await take();
    expect(notes).toEqual([
      expect.stringMatching(/^its client certificate has expired on 20\d\d-\d\d-\d\d$/),
      "its SSH key is nowhere to be found: `tsmachine ssh` fails",
      "its SSH host key is trusted at the first login",
    ]);
  });
});

describe("a machine that cannot be taken over", () => {
  test("has a name that another machine has", async () => {
    const { context, old, take } = await importWorld();
    const request = { providerId: "none", providerOptions: { url: "other" } };
    await createMachine(context, createRequest({ ...request, name: "web" }));
    await old.add(web);
    expect(await take()).toMatchObject([{ name: "web", outcome: "taken" }]);
    expect(engineUrl(await context.store.readMachine("web"))).toBe("other");
  });

  test.each(["virtualbox", "qemu"] as const)("is one of driver %s, and said so", async (driver) => {
    const { context, old, take } = await importWorld();
    await old.add({ name: "vm", driver, fields: { CPU: 1, Memory: 1024 } });
    expect(await take()).toEqual([
      { name: "vm", driver, outcome: "unsupported", notes: [expect.stringContaining(driver)] },
    ]);
    expect(await context.store.listMachineNames()).toEqual([]);
  });

  test.each([
    ["", "it is empty"],
    ["{", "it is no JSON object"],
    ["[]", "it is no JSON object"],
    ['{"ConfigVersion": 4}', "it has version 4, and 3 was docker-machine's last"],
    ['{"ConfigVersion": 3, "Driver": {}}', "DriverName: "],
    ['{"DriverName": "none", "Driver": 1}', "Driver: "],
    ['{"DriverName": "none", "Driver": {}}', "its configuration names no URL"],
    ['{"DriverName": "generic", "Driver": {}}', "Driver.IPAddress of it has no usable value"],
    [
      '{"DriverName": "generic", "Driver": {"IPAddress": "a", "SSHPort": 70000}}',
      "Driver.SSHPort of it has no usable value",
    ],
  ])("has the configuration %j", async (text, problem) => {
    const { old, take } = await importWorld();
    await old.add(web);
    await writeFile(join(old.folderOf("web"), "config.json"), text);
    await old.add(db);
    expect(await take()).toMatchObject([
      { name: "db", outcome: "imported" },
      {
        name: "web",
        outcome: "damaged",
        notes: [expect.stringContaining(problem), expect.any(String)],
      },
    ]);
  });

  test("has no configuration, no certificates, or a name that no machine can have", async () => {
    const { old, take } = await importWorld();
    for (const name of ["a-", "half", "web"]) await old.add({ ...web, name });
    await rm(join(old.folderOf("half"), "config.json"));
    await rm(join(old.path, "certs"), { recursive: true });
    await rm(join(old.folderOf("web"), "key.pem"));
    expect(await take()).toMatchObject([
      {
        name: "a-",
        outcome: "damaged",
        notes: [expect.stringContaining("hostname"), expect.any(String)],
      },
      {
        name: "half",
        outcome: "damaged",
        notes: [expect.stringMatching(/is not there$/), expect.any(String)],
      },
      {
        name: "web",
        outcome: "damaged",
        notes: [expect.stringMatching(/lacks .*key\.pem/), expect.any(String)],
      },
    ]);
  });
});

test("a folder without machines is no store, and a store is not imported into itself", async () => {
  const { context, old, take } = await importWorld();
  await expect(take({ path: join(old.path, "none") })).rejects.toMatchObject({
    ...{
      code: "IMPORT_INVALID",
      message: expect.stringMatching(/^there is no docker-machine store/),
    },
  });
  await expect(
    importMachines(
      {
        ...context,
        store: { ...context.store, layout: { ...context.store.layout, root: old.path } },
      },
      { path: old.path, names: [], how: "take over" },
    ),
  ).rejects.toMatchObject({ code: "INVALID_INPUT" });
});

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKiEwLBZBGNeFyqDLdyxyQUsfRbdvC9/EVJcRQbrVWzr";
