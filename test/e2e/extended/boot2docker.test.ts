import { mkdtemp, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { createAuthority } from "../../../src/certs/authority.ts";
import { issueClientCertificate, issueServerCertificate } from "../../../src/certs/issue.ts";
import { run } from "../../../src/host/processes/run.ts";
import {
  createDriverMachine,
  type DriverMachine,
  readHead,
} from "../../support/boots/boot2docker-guest.ts";
import { openSharedCacheStore } from "../../support/machines/machine.ts";
import { packRootFileSystem } from "../../support/machines/machine-rootfs.ts";
import type { TestStore } from "../../support/machines/tsmachine.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

let store: TestStore;
let iso: string;
beforeAll(async () => {
  store = await openSharedCacheStore();
  iso = join(dirname(store.path), "tsmachine.iso");
  const built = await store.tsmachine("iso", "build", "--boot2docker", "-o", iso);
  expect(built).toMatchObject({ exitCode: 0, stdout: `${iso}\n` });
  return () => store[Symbol.asyncDispose]();
});

test("docker-machine finds the engine's version in the ISO", async () => {
  const volumeId = (await readHead(iso, 0x8048)).toString("latin1", 0x8028);
  expect(volumeId.trim()).toMatch(/-v\d+\.\d+\.\d+$/);
});

/** What docker-machine 0.16.2 runs while it creates a machine, up to its certificates. */
const beforeCertificates = [
  ["exit 0", /^$/],
  ["cat /etc/os-release", /^ID=boot2docker$/m],
  [
    'sudo /usr/bin/sethostname dm && echo "dm" | sudo tee /var/lib/boot2docker/etc/hostname',
    /^dm$/m,
  ],
  ["if ! type netstat 1>/dev/null; then ss -tln; else netstat -tln; fi", /:2376\s+.*:.*/],
  ["sudo mkdir -p /var/lib/boot2docker", /^$/],
  ["sudo /etc/init.d/docker stop", /^$/],
  [`if [ ! -z "$(ip link show docker0)" ]; then sudo ip link delete docker0; fi`, /^$/],
] as const;

const afterCertificates = [
  ["sudo /etc/init.d/docker start", /^$/],
  ["if ! type netstat 1>/dev/null; then ss -tln; else netstat -tln; fi", /:2376\s+.*:.*/],
] as const;

/** GenerateDockerOptions of docker-machine's provisioner for boot2docker. */
const profile = [
  "",
  "EXTRA_ARGS='",
  "--label provider=qemu",
  "--label colour=*",
  "",
  "'",
  "CACERT=/var/lib/boot2docker/ca.pem",
  "DOCKER_HOST='-H tcp://0.0.0.0:2376'",
  "DOCKER_STORAGE=overlay2",
  "DOCKER_TLS=auto",
  "SERVERKEY=/var/lib/boot2docker/server-key.pem",
  "SERVERCERT=/var/lib/boot2docker/server.pem",
  "",
  'export "NO_PROXY=example.org"',
  "",
].join("\n");

test("docker-machine creates a machine of the ISO, which keeps everything over a restart", async () => {
  const folder = await temporaryDirectory();
  await using machine = await createDriverMachine(iso, folder);
  await machine.start();
  await follow(machine, beforeCertificates);
  // Whoever comes before the certificates do is not let in.
  await expect(docker(machine, await clientFolder(folder), "version")).rejects.toThrow();

  const clients = await handOverCertificates(machine, folder);
  await follow(machine, afterCertificates);
  const info = await docker(machine, clients, "info --format {{.NoProxy}},{{.Labels}}");
  // dockerd tells labels in the order of a Go map, another one each time.
  expect(info).toMatch(/^example\.org,\[(provider=qemu colour=\*|colour=\* provider=qemu)\]\n$/);
  await follow(machine, [[`(${packRootFileSystem}) | docker import - tiny`, /^sha256:/]]);
  const container = "run --name kept --network host tiny echo out of a container";
  expect(await docker(machine, clients, container)).toBe("out of a container\n");
  const hostKeys = "cat /var/lib/boot2docker/ssh/*.pub; sudo md5sum /var/lib/boot2docker/ssh/*";
  const before = (await machine.ssh(hostKeys)).stdout;

  await machine.stop();
  await machine.start();
  await follow(machine, [
    ["hostname", /^dm\n$/],
    ["sudo /etc/init.d/docker status", /is running/],
    ["sudo /etc/init.d/docker restart", /^$/],
  ]);
  expect((await machine.ssh(hostKeys)).stdout).toBe(before);
  expect(await docker(machine, clients, "logs kept")).toBe("out of a container\n");
  expect(await docker(machine, clients, "run --rm tiny echo bridged")).toBe("bridged\n");
});

async function follow(
  machine: DriverMachine,
  transcript: readonly (readonly [command: string, expected: RegExp])[],
): Promise<void> {
  for (const [command, expected] of transcript) {
    const { stdout, stderr, exitCode } = await machine.ssh(command);
    expect({ command, stdout, stderr, exitCode }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(expected),
    });
  }
}

/** A folder with certificates of an authority of its own, for DOCKER_CERT_PATH. */
async function clientFolder(parent: string) {
  const now = new Date();
  const authority = await createAuthority({ now });
  const client = await issueClientCertificate(authority, { now });
  const path = await mkdtemp(join(parent, "client-"));
  await writeFile(join(path, "ca.pem"), client.ca);
  await writeFile(join(path, "cert.pem"), client.certificate);
  await writeFile(join(path, "key.pem"), client.key);
  return { path, authority };
}

/** @returns the folder of a client that the engine lets in from its next start on */
async function handOverCertificates(machine: DriverMachine, folder: string) {
  const clients = await clientFolder(folder);
  const server = await issueServerCertificate(clients.authority, {
    ...{ machineName: "dm", subjectNames: ["127.0.0.1", "localhost"], now: new Date() },
  });
  const hand = (text: string, name: string) =>
    [`printf '%s' '${text}' | sudo tee /var/lib/boot2docker/${name}`, /./] as const;
  await follow(machine, [
    hand(server.ca, "ca.pem"),
    hand(server.certificate, "server.pem"),
    hand(server.key, "server-key.pem"),
    [
      `printf %s "${profile.replaceAll('"', '\\"')}" | sudo tee /var/lib/boot2docker/profile`,
      /DOCKER_TLS=auto/,
    ],
  ]);
  return clients;
}

async function docker(
  { dockerPort }: DriverMachine,
  { path }: { readonly path: string },
  words: string,
): Promise<string> {
  const environment = {
    DOCKER_HOST: `tcp://127.0.0.1:${dockerPort}`,
    DOCKER_TLS_VERIFY: "1",
    DOCKER_CERT_PATH: path,
  };
  const program = inject("dockerProgram");
  const { stdout } = await run(program, words.split(" "), { environment, timeoutMs: 120_000 });
  return stdout;
}
