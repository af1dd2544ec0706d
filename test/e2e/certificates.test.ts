import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine(["--tls-san", "foo.bar.tld", "--tls-san", "10.42.42.42"]);
});
afterAll(() => machine[Symbol.asyncDispose]());

/** How scripts for boot2docker look at the certificate. */
const certificateText = () =>
  machine.guest("openssl x509 -in /var/lib/boot2docker/server.pem -noout -text");
const serial = async () => /Serial Number:\s+(\S+)/.exec(await certificateText())?.[1];
const regenerate = (args: string, input = "") =>
  machine.store.shell(`tsmachine regenerate-certs ${args}`, { input });
const bootId = () => machine.guest("cat /proc/sys/kernel/random/boot_id");
const digest = async (...path: string[]) =>
  createHash("sha256")
    .update(await readFile(join(machine.store.path, ...path)))
    .digest("hex");

describe("in the guest", () => {
  test("the authority's certificate is that of the store", async () => {
    const asked = await machine.guest("openssl dgst -sha256 /var/lib/boot2docker/ca.pem");
    expect(asked.trim().split(" ").at(-1)).toBe(await digest("certs", "ca.pem"));
  });

  test("the server's certificate has the further names", async () => {
    const text = await certificateText();
    expect(text).toContain("DNS:foo.bar.tld");
    expect(text).toContain("IP Address:10.42.42.42");
  });

  test("the server's key is for root alone", async () => {
    const list = await machine.guest("ls -ln /var/lib/boot2docker/server-key.pem");
    expect(list).toMatch(/^-rw-------\s+1\s+0\s+0\s/);
    await expect(machine.guest("cat /var/lib/boot2docker/server-key.pem")).rejects.toThrow(
      /denied/,
    );
  });
});

describe("regenerate-certs", () => {
  test("asks first, and does nothing when told no", async () => {
    const former = await serial();
    const { exitCode, stdout, stderr } = await regenerate("", "n\n");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr).toContain(
      "Regenerate TLS machine certs?  Warning: this is irreversible. (y/n): ",
    );
    expect(await serial()).toBe(former);
  });

  test("gives a running machine a new certificate with the same names, without a boot", async () => {
    const former = { serial: await serial(), boot: await bootId() };
    expect(await regenerate("default", "y\n")).toMatchObject({
      exitCode: 0,
      stdout: 'Regenerating TLS certificates\nMachine "default" has new certificates.\n',
    });
    expect(await serial()).not.toBe(former.serial);
    expect(await bootId()).toBe(former.boot);
    const text = await certificateText();
    expect(text).toContain("DNS:foo.bar.tld");
    expect(text).toContain("IP Address:10.42.42.42");
    expect(await machine.shell("docker version")).toMatchObject({ exitCode: 0 });
  });

  test("renews the clients' certificate when asked, which the engine lets in", async () => {
    const former = await digest("certs", "cert.pem");
    const authority = await digest("certs", "ca.pem");
    expect(await regenerate("-f --client-certs")).toMatchObject({ exitCode: 0 });
    expect(await digest("certs", "cert.pem")).not.toBe(former);
    expect(await digest("machines", "default", "cert.pem")).toBe(await digest("certs", "cert.pem"));
    expect(await digest("certs", "ca.pem")).toBe(authority);
    expect(await machine.shell("docker version")).toMatchObject({ exitCode: 0 });
  });

  test("gives a machine that is off its new certificate at the next start", async () => {
    const former = await serial();
    await machine.store.tsmachine("stop");
    expect((await regenerate("-f")).stdout).toContain("new certificates at its next start");
    expect(await machine.store.tsmachine("start")).toMatchObject({ exitCode: 0 });
    expect(await serial()).not.toBe(former);
    expect(await machine.shell("docker version")).toMatchObject({ exitCode: 0 });
  });
});
