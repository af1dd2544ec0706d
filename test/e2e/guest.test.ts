import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { createKeyPair } from "../../src/ssh/key-pair.ts";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";
import { connectSsh, offeredLogins, openSftp, sshLogin } from "../support/machines/machine-ssh.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine(["--engine-label", "colour=green", "--engine-env", "TZ=UTC"]);
  return () => machine[Symbol.asyncDispose]();
});

const imagesSchema = z.array(
  z.looseObject({ kind: z.string(), version: z.string(), key: z.string() }),
);

describe("the guest", () => {
  test("runs the kernel that its boot image is named after", async () => {
    const images = imagesSchema.parse(
      JSON.parse((await machine.store.tsmachine("iso", "ls", "--json")).stdout),
    );
    const { boot } = (await machine.inspect()).Record.images;
    expect(await machine.guest("uname -r")).toBe(
      `${images.find(({ key }) => key === boot)?.version}\n`,
    );
  });

  test.each([
    ["is named after the machine", "hostname", "default"],
    ["has cgroup v2", "grep -c '^cgroup2 /sys/fs/cgroup ' /proc/mounts", "1"],
    ["has the user docker", "id -un", "docker"],
    ["lets that user become root", "sudo -n id -u", "0"],
    ["keeps the engine's data on the data disk", "stat -fc %T /var/lib/docker", "ext2/ext3"],
    ["has no password for anybody", "sudo cut -d: -f2 /etc/shadow | sort -u", "*"],
    ["forwards packets of containers", "cat /proc/sys/net/ipv4/ip_forward", "1"],
    ["hides its TLS key", "sudo stat -c %a /etc/docker/tls/server-key.pem", "600"],
  ])("%s", async (_fact, script, printed) => {
    expect(await machine.guest(script)).toBe(`${printed}\n`);
  });

  test("has the clock of this host", async () => {
    const before = Date.now();
    const guestMs = Number(await machine.guest("date +%s")) * 1000;
    expect(guestMs).toBeGreaterThan(before - 3000);
    expect(guestMs).toBeLessThan(Date.now() + 2000);
  });

  test("runs an engine on overlay2 and cgroup v2, with the labels asked for", async () => {
    const format = "{{.Driver}} {{.CgroupVersion}} {{.Labels}}";
    const { stdout } = await machine.shell(`docker info --format '${format}'`);
    expect(stdout).toMatch(/^overlay2 2 \[.*\bcolour=green\b.*\]\n$/);
  });
});

describe("a login to the guest", () => {
  test("is possible with the machine's key", async () => {
    using client = await connectSsh(await sshLogin(machine));
    expect(client).toBeDefined();
  });

  test("is offered with keys only", async () => {
    expect(await offeredLogins(await sshLogin(machine))).toEqual(["publickey"]);
  });

  test("is refused to root, even with the machine's key", async () => {
    const login = { ...(await sshLogin(machine)), username: "root" };
    await expect(connectSsh(login)).rejects.toThrow("authentication methods failed");
  });

  test("is refused to another machine's key", async () => {
    const { privateKey } = await createKeyPair({ comment: "another" });
    const login = { ...(await sshLogin(machine)), privateKey };
    await expect(connectSsh(login)).rejects.toThrow("authentication methods failed");
  });

  test("transfers files by sftp", async () => {
    using client = await connectSsh(await sshLogin(machine));
    const sftp = await openSftp(client);
    const local = join(machine.store.path, "sent");
    const content = randomBytes(3 << 20);
    await writeFile(local, content);
    await promisify(sftp.fastPut.bind(sftp))(local, "/home/docker/sent");
    await promisify(sftp.fastGet.bind(sftp))("/home/docker/sent", `${local}.back`);
    expect((await readFile(`${local}.back`)).equals(content)).toBe(true);
  });
});
