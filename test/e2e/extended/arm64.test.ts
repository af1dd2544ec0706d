import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { expectFirmwareBoot } from "../../support/boots/firmware-boot.ts";
import { createTestMachine, type TestMachine } from "../../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../../support/machines/machine-rootfs.ts";
import { processesIn } from "../../support/machines/tsmachine-processes.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine(["--arch", "arm64"]);
  return () => machine[Symbol.asyncDispose]();
});

test("a machine of architecture arm64 has an engine of that architecture", async () => {
  const { stdout } = await machine.shell(
    "docker version --format '{{.Server.Os}}/{{.Server.Arch}}'",
  );
  expect(stdout).toBe("linux/arm64\n");
  expect(await machine.guest("uname -m")).toBe("aarch64\n");
});

test("it runs containers, before and after it was shut down and started", async () => {
  await importTinyImage(machine);
  const { store, name } = machine;
  const run = () => machine.shell(`docker run --rm ${tinyImage} uname -m`);
  expect(await run()).toMatchObject({ exitCode: 0, stdout: "aarch64\n" });
  expect(await store.tsmachine("stop", name)).toMatchObject({ exitCode: 0 });
  const { consoleLog } = (await machine.inspect()).Files;
  expect(await readFile(consoleLog, "utf8")).toContain("tsmachine: powered off");
  expect(await store.tsmachine("start", name)).toMatchObject({ exitCode: 0 });
  expect(await run()).toMatchObject({ exitCode: 0, stdout: "aarch64\n" });
});

test("nothing of it is left when it was removed", async () => {
  const { store, name } = machine;
  expect(await processesIn(store.path)).toHaveLength(1);
  expect(await store.tsmachine("rm", "-y", name)).toMatchObject({ exitCode: 0 });
  expect(await processesIn(store.path)).toEqual([]);
  expect(await store.tsmachine("ls", "-q")).toMatchObject({ stdout: "" });
});

test("its UEFI boots the ISO from a CD-ROM to an engine that answers", async () => {
  await expectFirmwareBoot(["--arch", "arm64", "--kvm-boot", "iso"]);
});
