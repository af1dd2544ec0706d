import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { issueServerCertificate } from "../../src/certs/issue.ts";
import { freeLoopbackPorts } from "../../src/host/ports.ts";
import { openTestStore, type TestStore } from "../support/machines/tsmachine.ts";
import { fakeEngineVersion, startFakeEngine } from "../support/network/fake-engine.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** An engine that only clients of the store's authority are let in to. */
async function serveEngine({ path }: TestStore, port: number): Promise<void> {
  const directory = await temporaryDirectory();
  const read = (name: string) => readFile(join(path, "certs", name), "utf8");
  const authority = { certificate: await read("ca.pem"), key: await read("ca-key.pem") };
  const names = { machineName: "engine", subjectNames: ["127.0.0.1"], now: new Date() };
  const server = await issueServerCertificate(authority, names);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "ca.pem"), server.ca);
  await writeFile(join(directory, "server.pem"), server.certificate);
  await writeFile(join(directory, "server-key.pem"), server.key);
  const engine = await startFakeEngine({ port, directory, manner: "serving" });
  onTestFinished(() => engine.close());
}

test("ten creates at once in an empty store give one authority and ten machines that work", async () => {
  await using store = await openTestStore();
  const [port = 0] = await freeLoopbackPorts(1);
  const names = Array.from({ length: 10 }, (_, index) => `m${index}`);
  const create = (name: string) =>
    store.tsmachine("create", "-d", "none", "--url", `tcp://127.0.0.1:${port}`, name);
  const results = await Promise.all(names.map(create));
  expect(results.map(({ exitCode, stderr }) => [exitCode, stderr.match(/error.*/)])).toEqual(
    names.map(() => [0, null]),
  );
  const authority = await readFile(join(store.path, "certs", "ca.pem"), "utf8");
  for (const name of names) {
    const folder = join(store.path, "machines", name);
    expect(await readFile(join(folder, "ca.pem"), "utf8")).toBe(authority);
    expect((await readdir(folder)).sort()).toEqual([
      ...["ca.pem", "cert.pem", "key.pem", "machine.json"],
    ]);
  }
  await serveEngine(store, port);
  expect(JSON.parse((await store.tsmachine("ls", "--json")).stdout)).toEqual(
    names.map((name) =>
      expect.objectContaining({
        ...{ name, status: "Running", engineVersion: `v${fakeEngineVersion}`, error: "" },
      }),
    ),
  );
});

test("of two creates of the same name at once, one makes the machine and the other says it exists", async () => {
  await using store = await openTestStore();
  const create = (url: string) => store.tsmachine("create", "-d", "none", "--url", url, "same");
  const results = await Promise.all(["one", "two"].map(create));
  const [winner, loser] = [...results].sort((one, other) => one.exitCode - other.exitCode);
  expect([winner?.exitCode, loser?.exitCode]).toEqual([0, 1]);
  expect(loser?.stderr).toContain("[MACHINE_EXISTS]");
  const url = (await store.tsmachine("url", "same")).stdout.trim();
  expect(url).toBe(results[0] === winner ? "one" : "two");
});

test("a machine of docker-machine is listed with the way to take it over, and rm -f leaves it", async () => {
  await using store = await openTestStore();
  const folder = join(store.path, "machines", "old");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.json"), '{"ConfigVersion": 3}');
  expect((await store.tsmachine("ls")).stdout).toMatch(/^old .*Error.*`tsmachine import`/m);
  expect(await store.tsmachine("rm", "-f", "old")).toMatchObject({
    ...{ exitCode: 1, stderr: expect.stringContaining("[RECORD_FOREIGN]") },
  });
  expect(await store.tsmachine("import", store.path)).toMatchObject({
    ...{ exitCode: 1, stderr: expect.stringContaining("is the store to import into as well") },
  });
  expect(await readdir(folder)).toEqual(["config.json"]);
});
