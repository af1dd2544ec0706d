import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "../../../src/store/open-store.ts";
import { machineRecord } from "../../support/machines/machine-record.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const files = {
  ca: "CA",
  serverKey: "SERVER KEY",
  sshKey: "SSH KEY",
  knownHosts: "dev ssh-ed25519",
};

let store: Store;
beforeEach(async () => {
  store = openStore(join(await temporaryDirectory(), "store"));
});

async function damage(text: string, name = "dev"): Promise<string> {
  const { directory, record } = store.machineLayout(name);
  await mkdir(directory, { recursive: true });
  await writeFile(record, text);
  return record;
}

async function modesBelow(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true });
  const modes = entries.map(async (path) => {
    const { mode } = await stat(join(directory, path));
    return [path, (mode & 0o777).toString(8)];
  });
  return Object.fromEntries(await Promise.all(modes));
}

describe("a machine in the store", () => {
  test("reads back as it was created, with its files", async () => {
    const record = machineRecord();
    await store.createMachine(record, files);
    expect(await store.readMachine("dev")).toEqual(record);
    expect(await store.readMachineFiles("dev")).toEqual(files);
    expect(await store.listMachineNames()).toEqual(["dev"]);
  });

  test("has docker-machine's file names, for the owner alone", async () => {
    const all = { ...files, certificate: "", key: "", serverCertificate: "", sshPublicKey: "" };
    await store.createMachine(machineRecord(), all);
    expect(await modesBelow(store.layout.root)).toEqual({
      machines: "700",
      "machines/dev": "700",
      "machines/dev/machine.json": "600",
      "machines/dev/ca.pem": "600",
      "machines/dev/cert.pem": "600",
      "machines/dev/key.pem": "600",
      "machines/dev/server.pem": "600",
      "machines/dev/server-key.pem": "600",
      "machines/dev/id_rsa": "600",
      "machines/dev/id_rsa.pub": "600",
      "machines/dev/known_hosts": "600",
      partial: "700",
      "partial/machines": "700",
    });
  });

  test("is not created over another", async () => {
    await store.createMachine(machineRecord(), files);
    await expect(
      store.createMachine(machineRecord({ phase: "creating" }), {}),
    ).rejects.toMatchObject({
      code: "MACHINE_EXISTS",
      message: 'Docker machine "dev" already exists',
    });
    expect(await store.readMachine("dev")).toEqual(machineRecord());
  });

  test("is created anew after a creation that was killed half-way", async () => {
    const partial = join(store.layout.root, "partial", "machines", "dev");
    await mkdir(partial, { recursive: true });
    await writeFile(join(partial, "server.pem"), "torn");
    await store.createMachine(machineRecord(), { ca: "CA" });
    expect(await store.readMachineFiles("dev")).toEqual({ ca: "CA" });
  });

  test("keeps fields that this program does not know", async () => {
    const record = machineRecord();
    const written = {
      ...record,
      colour: "red",
      provider: { ...record.provider, nested: [1] },
      endpoint: { ...record.endpoint, zone: "b" },
    };
    await store.createMachine(record, {});
    await damage(JSON.stringify(written));
    await store.writeMachine({ ...(await store.readMachine("dev")), phase: "removing" });
    const { record: path } = store.machineLayout("dev");
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ ...written, phase: "removing" });
  });

  test("round-trips whatever a provider puts into its record", async () => {
    await store.createMachine(machineRecord(), {});
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), async (value) => {
        const json = JSON.parse(JSON.stringify(value));
        const record = machineRecord({ provider: { id: "fake", record: json, options: json } });
        await store.writeMachine(record);
        expect(await store.readMachine("dev")).toEqual(record);
      }),
      { numRuns: 30, examples: [[JSON.parse('{"__proto__":{"deep":1}}')]] },
    );
  });

  test("gets single files replaced", async () => {
    await store.createMachine(machineRecord(), files);
    await store.writeMachineFiles("dev", { serverKey: "NEW" });
    expect(await store.readMachineFiles("dev")).toEqual({ ...files, serverKey: "NEW" });
  });

  test("is removed with all its files", async () => {
    await store.createMachine(machineRecord(), files);
    await store.createMachine(machineRecord({ name: "other" }), {});
    await store.removeMachine("dev");
    expect(await store.listMachineNames()).toEqual(["other"]);
    expect(await readdir(join(store.layout.root, "partial", "machines"))).toEqual([]);
  });

  test("that a killed removal left half deleted is deleted by the next removal", async () => {
    const partial = join(store.layout.root, "partial", "machines", "dev");
    await mkdir(partial, { recursive: true });
    await writeFile(join(partial, "id_rsa"), "SSH KEY");
    await expect(store.removeMachine("dev")).rejects.toMatchObject({ code: "MACHINE_NOT_FOUND" });
    expect(await readdir(dirname(partial))).toEqual([]);
  });
});

describe("a missing machine", () => {
  const uses: [string, () => Promise<unknown>][] = [
    ["read", () => store.readMachine("dev")],
    ["read the files of", () => store.readMachineFiles("dev")],
    ["write", () => store.writeMachine(machineRecord())],
    ["write files of", () => store.writeMachineFiles("dev", files)],
    ["remove", () => store.removeMachine("dev")],
  ];

  test.each(uses)("cannot be %s", async (_, use) => {
    await expect(use()).rejects.toMatchObject({
      code: "MACHINE_NOT_FOUND",
      message: 'Docker machine "dev" does not exist',
    });
  });

  test("leaves no trace when it is looked for", async () => {
    await expect(store.readMachine("dev")).rejects.toThrow();
    expect(await store.listMachineNames()).toEqual([]);
    await expect(readdir(store.layout.root)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("is not looked for outside the store", async () => {
    await expect(store.readMachine("../../etc")).rejects.toMatchObject({ code: "NAME_INVALID" });
    await expect(store.removeMachine("..")).rejects.toMatchObject({ code: "NAME_INVALID" });
  });
});

describe("a damaged record", () => {
  const { endpoint: _, ...withoutEndpoint } = machineRecord();
  const damages: [string, string, RegExp][] = [
    ["empty", "", /it is empty$/],
    ["torn", JSON.stringify(machineRecord()).slice(0, 40), /JSON/],
    ["not an object", "[]", /expected object/],
    ["without version", "{}", /schemaVersion: expected number/],
    [
      "with a wrong field",
      JSON.stringify({
        ...withoutEndpoint,
        endpoint: { address: "a", sshPort: "22", dockerPort: 1 },
      }),
      /endpoint\.sshPort: expected number/,
    ],
    ["of another machine", JSON.stringify(machineRecord({ name: "other" })), /name: .*"other"/],
  ];

  test.each(damages)("is refused with file and first problem (%s)", async (_, text, problem) => {
    const path = await damage(text);
    await expect(store.readMachine("dev")).rejects.toMatchObject({
      code: "RECORD_INVALID",
      message: expect.stringMatching(problem),
      hints: [expect.stringContaining("tsmachine rm -f dev")],
    });
    await expect(store.readMachine("dev")).rejects.toThrow(path);
  });

  test("is one whose endpoint does not say where the engine is", async () => {
    await damage(JSON.stringify({ ...withoutEndpoint, endpoint: { address: "", sshPort: 22 } }));
    await expect(store.readMachine("dev")).rejects.toThrow(
      /endpoint: it does not say where the engine is/,
    );
  });

  test.each([
    ["a URL alone", { address: "", engineUrl: "none" }],
    ["no SSH", { address: "a", dockerPort: 2376 }],
  ])("is none whose endpoint has %s", async (_, endpoint) => {
    await damage(JSON.stringify({ ...withoutEndpoint, endpoint }));
    expect((await store.readMachine("dev")).endpoint).toEqual(endpoint);
  });

  test("does not hide the machine, which can be repaired or removed", async () => {
    await damage("torn");
    expect(await store.listMachineNames()).toEqual(["dev"]);
    await store.writeMachine(machineRecord());
    expect(await store.readMachine("dev")).toEqual(machineRecord());
    await damage("torn again");
    await store.removeMachine("dev");
    expect(await store.listMachineNames()).toEqual([]);
  });

  test("may also be missing from the machine's folder", async () => {
    await mkdir(store.machineLayout("dev").directory, { recursive: true });
    expect(await store.listMachineNames()).toEqual(["dev"]);
    await expect(store.readMachine("dev")).rejects.toMatchObject({ code: "RECORD_INVALID" });
  });
});

test("a record of a newer program is refused and not overwritten, but can be removed", async () => {
  const text = JSON.stringify({ schemaVersion: 2, name: { first: "dev" } });
  const path = await damage(text);
  const newer = { code: "RECORD_NEWER", message: expect.stringContaining("version 2") };
  await expect(store.readMachine("dev")).rejects.toMatchObject(newer);
  await expect(store.writeMachine(machineRecord())).rejects.toMatchObject(newer);
  expect(await readFile(path, "utf8")).toBe(text);
  await store.removeMachine("dev");
  expect(await store.listMachineNames()).toEqual([]);
});

test("files and folders that cannot be machines are not listed", async () => {
  await store.createMachine(machineRecord(), {});
  await mkdir(join(store.layout.machines, ".trash"));
  await mkdir(join(store.layout.machines, "b_c"));
  await writeFile(join(store.layout.machines, "note"), "");
  expect(await store.listMachineNames()).toEqual(["dev"]);
});
