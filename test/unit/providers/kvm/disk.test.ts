import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { run } from "../../../../src/host/processes/run.ts";
import { growDataDisk, makeDataDisk } from "../../../../src/providers/kvm/disk.ts";
import { pathOf } from "../../../../src/providers/kvm/record.ts";
import { bundleScript } from "../../../support/run-typescript.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { sampleMachine } from "./sample-record.ts";

async function machineOf(diskSizeMiB: number) {
  return { ...sampleMachine, diskSizeMiB, directory: await temporaryDirectory() };
}

test("the data disk has its size and takes no space, readable by its owner alone", async () => {
  const machine = await machineOf(20_000);
  await growDataDisk(machine);
  const { size, blocks, mode } = await stat(pathOf(machine, "dataDisk"));
  expect({ size, blocks, mode: mode & 0o777 }).toEqual({
    size: 20_000 * 2 ** 20,
    blocks: 0,
    mode: 0o600,
  });
});

test("a disk that was half made becomes whole, and keeps what is in it", async () => {
  const machine = await machineOf(1);
  await writeFile(pathOf(machine, "dataDisk"), "kept");
  await growDataDisk(machine);
  const content = await readFile(pathOf(machine, "dataDisk"));
  expect(content).toHaveLength(2 ** 20);
  expect(content.subarray(0, 5).toString("latin1")).toBe("kept\0");
});

test("a larger disk is never cut", async () => {
  const machine = await machineOf(1);
  await writeFile(pathOf(machine, "dataDisk"), Buffer.alloc(2 ** 21));
  await growDataDisk(machine);
  expect((await stat(pathOf(machine, "dataDisk"))).size).toBe(2 ** 21);
});

test("a disk that is written elsewhere is there whole, or not at all", async () => {
  const machine = await machineOf(1);
  const failure = new Error("half-way");
  const failing = makeDataDisk(machine, async (path) => {
    await writeFile(path, "half");
    throw failure;
  });
  await expect(failing).rejects.toBe(failure);
  expect(await readdir(machine.directory)).toEqual([]);
  await makeDataDisk(machine, (path) => writeFile(path, Buffer.alloc(2 ** 21, 1)));
  expect(await readdir(machine.directory)).toEqual(["data.raw"]);
  expect((await stat(pathOf(machine, "dataDisk"))).size).toBe(2 ** 21);
});

test("a disk that there is no room for is refused with what to do", async () => {
  const script = await bundleScript(`
    import { growDataDisk } from "./src/providers/kvm/disk.ts";
    growDataDisk(${JSON.stringify(await machineOf(1000))})
      .catch(({ code, hints }) => console.log(JSON.stringify({ code, hints })));`);
  const limited = ["-c", 'ulimit -f 100; exec "$0" "$1"', process.execPath, script];
  const { stdout } = await run("sh", limited);
  expect(JSON.parse(stdout)).toEqual({
    code: "DISK_FULL",
    hints: [expect.stringContaining("--kvm-disk-size")],
  });
});
