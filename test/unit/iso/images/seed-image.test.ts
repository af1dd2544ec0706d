import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Seed, writeSeedImage } from "../../../../src/iso/images/seed-image.ts";
import { readIso } from "../../../support/archives/iso-reader.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const seed: Seed = {
  hostName: "dev",
  authorizedKeys: "ssh-ed25519 AAAA docker@dev\n",
  sshHostKey: "host key",
  serverBundle: { ca: "ca", certificate: "certificate", key: "key" },
  authorities: "authority",
  daemon: { tlsverify: true },
  environment: { HTTP_PROXY: "http://proxy.example:3128", NO_PROXY: "a,b" },
  hosts: [{ address: "192.0.2.7", names: ["registry.example", "registry"] }],
  addresses: [{ mac: "08:00:27:1a:2b:3c", cidr: "192.168.56.7/24" }],
  folders: [{ type: "vboxsf", tag: "home", mountPoint: "/home/Jo Doe" }],
};

test("a seed image holds a machine's identity, for root and its owner alone", async () => {
  const path = join(await temporaryDirectory(), "seed.iso");
  await writeSeedImage({ path, seed, time: new Date(0), signal: new AbortController().signal });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const files = [...readIso(await readFile(path))].filter(([, entry]) => entry.content.length > 0);
  expect(new Map(files.map(([name, { content }]) => [name, `${content}`]))).toEqual(
    new Map([
      ["authorities.pem", "authority"],
      ["authorized_keys", "ssh-ed25519 AAAA docker@dev\n"],
      ["docker/ca.pem", "ca"],
      ["docker/daemon.json", '{\n  "tlsverify": true\n}\n'],
      ["docker/server-key.pem", "key"],
      ["docker/server.pem", "certificate"],
      ["environment", "HTTP_PROXY=http://proxy.example:3128\nNO_PROXY=a,b\n"],
      ["folders", "vboxsf\thome\t/home/Jo Doe\n"],
      ["hostname", "dev\n"],
      ["hosts", "192.0.2.7\tregistry.example\tregistry\n"],
      ["network", "08:00:27:1a:2b:3c\t192.168.56.7/24\n"],
      ["ssh_host_ed25519_key", "host key"],
    ]),
  );
  for (const [, { mode, uid }] of files) expect([mode, uid]).toEqual([0o100600, 0]);
});

test("the seed image of a clone has the identity that its disk is to be marked with", async () => {
  const path = join(await temporaryDirectory(), "seed.iso");
  const identity = "0b1e1c1e-9d0a-4a4a-8a8a-000000000001";
  const clone = { ...seed, identity };
  await writeSeedImage({
    ...{ path, seed: clone, time: new Date(0), signal: new AbortController().signal },
  });
  expect(`${readIso(await readFile(path)).get("identity")?.content}`).toBe(`${identity}\n`);
});
