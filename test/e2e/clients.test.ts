import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { poll } from "../../src/host/poll.ts";
import { freeLoopbackPorts } from "../../src/host/ports.ts";
import { unpackedPackages } from "../support/debian/unpacked.ts";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";
import { packageDirectory } from "../support/machines/tsmachine.ts";
import { startUdpEcho } from "../support/machines/udp-echo.ts";
import { askEcho, isAnswering, isBound } from "../support/network/published-port.ts";

let machine: TestMachine;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsmachine-clients-"));
  machine = await createTestMachine(["--publish-address", "0.0.0.0"]);
  await importTinyImage(machine);
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** What a script prints here, with docker pointed at the machine; anything but success is an error. */
async function shell(script: string): Promise<string> {
  const { stdout, stderr, exitCode } = await machine.shell(script);
  if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${stderr}`);
  return stdout.trim();
}

const until = (what: string, probe: () => Promise<boolean>) =>
  poll(async () => ((await probe()) ? true : undefined), {
    ...{ waitingFor: what, everyMs: 200, timeoutMs: 60_000, signal: AbortSignal.timeout(120_000) },
  });

/** Debian's `docker compose`, where docker's CLI looks for plugins of its user. */
async function withCompose(): Promise<string> {
  const root = await unpackedPackages({
    // This host has a C library, and the program wants no newer one.
    ...{ name: "compose", packages: ["docker-compose"], without: ["libc6"] },
    cacheDirectory: inject("cacheDirectory"),
  });
  const plugins = join(folder, "docker", "cli-plugins");
  await mkdir(plugins, { recursive: true });
  const program = join(root, "usr/libexec/docker/cli-plugins/docker-compose");
  await symlink(program, join(plugins, "docker-compose"));
  return join(folder, "docker");
}

test("docker compose runs two services that know each other, with a TCP and a UDP port", async () => {
  await startUdpEcho(machine, { name: "echo", flags: "" });
  await shell("docker commit echo echo:1 && docker rm -f echo");
  const [web = 0, echo = 0] = await freeLoopbackPorts(2);
  const file = join(folder, "compose.yaml");
  await writeFile(
    file,
    `name: two
services:
  web:
    image: ${tinyImage}
    command: httpd -f -p 80 -h /www
    ports: ["${web}:80"]
  echo:
    image: echo:1
    command: /echo
    depends_on: [web]
    ports: ["${echo}:7/udp"]
`,
  );
  const config = await withCompose();
  const compose = (words: string) =>
    shell(`DOCKER_CONFIG='${config}' docker compose -f '${file}' ${words}`);
  await compose("up -d");
  expect(await compose("exec -T echo wget -qO- http://web/")).toBe("served");
  await until("the web server", () => isAnswering(web));
  // As whoever asks from another host would see it.
  expect(await isAnswering(web, "127.0.0.77")).toBe(true);
  await until("the echo", async () => (await askEcho(echo, "hello")) === "hello");
  await compose("down -t 1");
  await until("the web server's port to be free", async () => !(await isBound(web)));
  await until("the echo's port to be free", async () => !(await isBound(echo, "udp")));
});

test("testcontainers runs a test of its own, with the variables of `env` alone", async () => {
  const program = join(packageDirectory, "test/support/clients/testcontainers.mjs");
  // Its reaper is an image of a registry, which this machine does not have.
  const printed = await shell(`TESTCONTAINERS_RYUK_DISABLED=true node '${program}' ${tinyImage}`);
  expect(JSON.parse(printed.split("\n").at(-1) ?? "")).toEqual({
    ...{ host: "127.0.0.1", body: "served\n", output: "in the container\n", exitCode: 0 },
  });
  expect(await shell("docker ps -aq")).toBe("");
});
