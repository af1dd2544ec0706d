import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freeLoopbackPorts } from "../../src/host/ports.ts";
import { createKeyPair } from "../../src/ssh/key-pair.ts";
import { oldStore } from "../support/docker-machine/old-store.ts";
import { openTestStore } from "../support/machines/tsmachine.ts";
import { fakeEngineVersion, startFakeEngine } from "../support/network/fake-engine.ts";
import { startSshServer } from "../support/network/ssh-server.ts";

/** A host with SSH and an engine, as docker-machine left it, and nothing of tsmachine's. */
async function generic() {
  const hostKey = await createKeyPair({ comment: "host" });
  const userKey = await createKeyPair({ comment: "user" });
  const { port: sshPort } = await startSshServer({
    ...{ hostKeys: [hostKey.privateKey], authorizedKey: userKey.publicKey },
  });
  const [dockerPort = 0] = await freeLoopbackPorts(1);
  const old = await oldStore();
  await old.add({
    ...{ name: "web", driver: "generic", sshKey: userKey.privateKey },
    fields: {
      ...{ IPAddress: "127.0.0.1", SSHPort: sshPort, SSHUser: "docker", EnginePort: dockerPort },
    },
  });
  const folder = old.folderOf("web");
  const engine = await startFakeEngine({
    ...{ port: dockerPort, directory: folder, manner: "serving" },
  });
  onTestFinished(() => engine.close());
  return { old, engine, dockerPort, hostKey: hostKey.publicKey };
}

test("a generic machine of docker-machine works at once: ls, env, url, ip, status and ssh", async () => {
  const { old, dockerPort, engine } = await generic();
  await using store = await openTestStore();
  const { tsmachine } = store;
  expect(await tsmachine("import", old.path)).toMatchObject({
    ...{ exitCode: 0, stdout: expect.stringMatching(/^web +generic +imported/m) },
  });
  expect((await tsmachine("status", "web")).stdout).toBe("Running\n");
  const url = `tcp://127.0.0.1:${dockerPort}`;
  expect((await tsmachine("url", "web")).stdout).toBe(`${url}\n`);
  expect((await tsmachine("ip", "web")).stdout).toBe("127.0.0.1\n");
  const folder = join(store.path, "machines", "web");
  expect(JSON.parse((await tsmachine("env", "--json", "web")).stdout)).toMatchObject({
    ...{ DOCKER_HOST: url, DOCKER_CERT_PATH: folder },
  });
  expect(JSON.parse((await tsmachine("ls", "--json")).stdout)).toMatchObject([
    { name: "web", status: "Running", url, engineVersion: `v${fakeEngineVersion}`, error: "" },
  ]);
  for (const nativeSsh of [[], ["--native-ssh"]]) {
    const said = await tsmachine(...nativeSsh, "ssh", "web", "echo", "hello");
    expect(said).toMatchObject({ stdout: "hello\n", exitCode: 0 });
  }
  await engine.close();
  expect((await tsmachine("import", old.path)).stdout).toMatch(/^web +generic +present *$/m);
});

test("the host key is trusted at the first login, with one warning, and no other after it", async () => {
  const { old, hostKey } = await generic();
  await using store = await openTestStore();
  const { tsmachine } = store;
  await tsmachine("import", old.path);
  const first = await tsmachine("ssh", "web", "true");
  expect(first.exitCode).toBe(0);
  expect(first.stderr.match(/warning: the host key of machine "web" was not known/g)).toHaveLength(
    1,
  );
  expect(await tsmachine("ssh", "web", "true")).toMatchObject({ exitCode: 0, stderr: "" });
  const knownHosts = join(store.path, "machines", "web", "known_hosts");
  const [type = "", key = ""] = hostKey.split(" ");
  expect(await readFile(knownHosts, "utf8")).toContain(`${type} ${key}`);
  const other = await createKeyPair({ comment: "other" });
  const record = join(store.path, "machines", "web", "machine.json");
  const text = await readFile(record, "utf8");
  await writeFile(record, text.replaceAll(`${type} ${key}`, other.publicKey.replace(/ \S+$/, "")));
  expect(await tsmachine("--native-ssh", "ssh", "web", "true")).toMatchObject({
    ...{ exitCode: 1, stderr: expect.stringContaining("SSH_HOST_KEY_MISMATCH") },
  });
});

test("a host key that is given beforehand is the only one that is accepted", async () => {
  const { old, hostKey } = await generic();
  await using store = await openTestStore();
  const { tsmachine } = store;
  const flag = (key: string) => ["--ssh-host-key", key, old.path];
  expect(await tsmachine("import", ...flag(hostKey))).toMatchObject({ exitCode: 1 });
  const other = await createKeyPair({ comment: "other" });
  await tsmachine("import", ...flag(other.publicKey), "web");
  expect((await tsmachine("ssh", "web", "true")).exitCode).not.toBe(0);
  await tsmachine("rm", "-y", "web");
  await tsmachine("import", ...flag(hostKey), "web");
  expect(await tsmachine("ssh", "web", "true")).toMatchObject({ exitCode: 0, stderr: "" });
});
