// Many command lines at once on one store.
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { prepareGuestlessMachine } from "../../support/crash/guestless-machine.ts";
import { openSharedCacheStore } from "../../support/machines/machine.ts";
import { filesBeside } from "../../support/machines/tsmachine-leftovers.ts";

const names = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

test.each([
  { kind: "none", count: 10 },
  { kind: "kvm", count: 4 },
])(
  "$count machines of provider $kind that are created at once in an empty store share one authority",
  async ({ kind, count }) => {
    await using guestless = await prepareGuestlessMachine();
    await using store = await openSharedCacheStore();
    const url = ["-d", "none", "--url", "tcp://192.0.2.1:2376"];
    const flags = kind === "none" ? url : guestless.flags;
    const created = names(count).map((name) => store.tsmachine("create", ...flags, name));
    expect((await Promise.all(created)).map(({ exitCode }) => exitCode)).toEqual(
      Array(count).fill(0),
    );
    const text = (path: string) => readFile(join(store.path, path), "utf8");
    const authority = await text("certs/ca.pem");
    for (const name of names(count)) {
      expect(await text(`machines/${name}/ca.pem`)).toBe(authority);
      const client = new X509Certificate(await text(`machines/${name}/cert.pem`));
      expect(client.verify(new X509Certificate(authority).publicKey)).toBe(true);
    }
    const { stdout } = await store.tsmachine("ls", "-t", "1");
    expect(stdout.match(/^m\d /gm)).toHaveLength(count);
    expect(stdout).not.toMatch(/ Error | newer | not readable/);
    if (kind === "kvm") expect(stdout.match(/ Running .* v26\.1\.5/g)).toHaveLength(count);
    expect(await store.tsmachine("rm", "-f", ...names(count))).toMatchObject({ exitCode: 0 });
    expect(await filesBeside(store)).toEqual([]);
  },
);

test("100 readers beside stops and starts find the record whole each time", async () => {
  await using guestless = await prepareGuestlessMachine();
  await using store = await openSharedCacheStore();
  expect(await store.tsmachine("create", ...guestless.flags, "dev")).toMatchObject({ exitCode: 0 });
  let left = 100;
  const read = async () => {
    for (; left > 0; left -= 1) {
      const command = left % 2 === 0 ? ["inspect", "dev"] : ["ls", "--json", "-t", "30"];
      const { exitCode, stdout, stderr } = await store.tsmachine(...command);
      expect({ command, exitCode, stderr }).toEqual({ command, exitCode: 0, stderr: "" });
      expect(stdout).toMatch(/"(DriverName|driver)": ?"(kvm|qemu)"/);
    }
  };
  const change = async () => {
    for (let round = 0; left > 0; round += 1) {
      const command = round % 2 === 0 ? "stop" : "start";
      expect(await store.tsmachine(command, "dev")).toMatchObject({ exitCode: 0 });
    }
  };
  await Promise.all([change(), ...Array.from({ length: 10 }, read)]);
});
