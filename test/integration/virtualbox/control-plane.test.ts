// Everything but starting a machine, against a real VirtualBox that has no kernel driver.
import { once } from "node:events";
import {
  access,
  copyFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { MachinePlaces, Provider } from "../../../src/providers/provider.ts";
import { createVirtualBoxProvider } from "../../../src/providers/virtualbox/provider.ts";
import { parseVirtualBoxRecord } from "../../../src/providers/virtualbox/record.ts";
import type { VirtualBoxWorld } from "../../../src/providers/virtualbox/world.ts";
import { sampleImages } from "../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import {
  hasVirtualBox,
  restartServer,
  vboxManage,
  virtualBoxWorld,
} from "../../support/virtualbox/virtualbox-host.ts";
import { recordedOperation } from "../../support/worlds/operations.ts";

const options = { network: "nat", noVtxCheck: true, diskSizeMiB: 1024, memoryMiB: 512 };

/** What a start comes to where VirtualBox has no kernel driver. */
const noDriver = {
  ...{ code: "HOST_UNSUPPORTED", message: expect.stringContaining("driver is not loaded") },
  hints: [expect.stringContaining("vboxconfig")],
};

/** Images that VirtualBox takes for some; there is nothing in them. */
async function makeImages() {
  const folder = await temporaryDirectory();
  const images = {
    ...sampleImages,
    bootIso: join(folder, "boot.iso"),
    engineImage: join(folder, "engine.iso"),
    seedImage: join(folder, "seed.iso"),
  };
  for (const path of [images.bootIso, images.engineImage, images.seedImage]) {
    await writeFile(path, Buffer.alloc(64 * 1024));
  }
  return images;
}

/** A machine named "dev" that was planned and not made. */
async function planned(given: object = {}) {
  const world = await virtualBoxWorld();
  const provider = createVirtualBoxProvider(world);
  const directory = join(await temporaryDirectory(), "zoë", "dev");
  await mkdir(directory, { recursive: true });
  const places: MachinePlaces = { directory, images: await makeImages() };
  const spec = { name: "dev", architecture: "amd64" } as const;
  const record = await provider.plan(spec, { ...options, ...given }, recordedOperation());
  return { world, provider, places, directory, spec, record };
}

async function created(given: object = {}) {
  const machine = await planned(given);
  const instance = machine.provider.open(machine.record, machine.places);
  const record = await instance.create(recordedOperation());
  return { ...machine, record, instance: machine.provider.open(record, machine.places) };
}

function listed(world: VirtualBoxWorld): Promise<string> {
  return vboxManage(world, "list", "vms");
}

const powerOf = (
  provider: Provider,
  record: Awaited<ReturnType<Provider["plan"]>>,
  places: MachinePlaces,
) => provider.open(record, places).power(recordedOperation());

describe.skipIf(!hasVirtualBox)("VirtualBox (skipped where there is no VirtualBox)", () => {
  test("a plan changes nothing, and create makes what it says", async () => {
    const { world, provider, places, record, directory } = await planned();
    expect(await listed(world)).toBe("");
    expect(await readdir(directory)).toEqual([]);
    expect(await powerOf(provider, record, places)).toBe("absent");

    const instance = provider.open(record, places);
    expect(await instance.create(recordedOperation())).toEqual(record);
    expect(await instance.create(recordedOperation())).toEqual(record);
    expect(await instance.power(recordedOperation())).toBe("stopped");
    expect(await listed(world)).toMatch(/^"dev" \{[0-9a-f-]{36}\}\n$/);
    const told = await vboxManage(world, "showvminfo", "dev", "--machinereadable");
    for (const line of [
      ...["memory=512", 'rtcuseutc="on"', 'boot1="dvd"', 'uart1="0x03f8,4"', 'nic1="nat"'],
      'localhostReachable="1"',
      ...[`"SATA-3-0"="${directory}/dev/data.vdi"`, 'nictype1="virtio"', 'nic2="none"'],
      ...['storagecontrollerportcount0="4"', `uartmode1="file,${directory}/console.log"`],
    ]) {
      expect(told.split("\n")).toContain(line);
    }
  });

  test("removing leaves nothing of the machine, twice, and others as they are", async () => {
    const { world, instance, directory } = await created();
    await vboxManage(world, "createvm", "--name", "other", "--basefolder", directory, "--register");
    await instance.remove(recordedOperation());
    await instance.remove(recordedOperation());
    expect(await listed(world)).toMatch(/^"other" /);
    expect(await vboxManage(world, "list", "hdds")).toBe("");
    expect(await readdir(directory)).toEqual(["other"]);
    expect(await instance.power(recordedOperation())).toBe("absent");
  });

  test("a name that VirtualBox has already is refused, with how to be rid of it", async () => {
    const { provider, spec } = await created();
    await expect(provider.plan(spec, options, recordedOperation())).rejects.toMatchObject({
      ...{ code: "INSTANCE_EXISTS", message: 'VirtualBox has another machine named "dev"' },
      hints: [expect.stringMatching(/VBoxManage unregistervm [0-9a-f-]{36} --delete/)],
    });
  });

  test("a machine that was renamed in VirtualBox is the same one", async () => {
    const { world, instance } = await created();
    await vboxManage(world, "modifyvm", "dev", "--name", "renamed");
    expect(await instance.power(recordedOperation())).toBe("stopped");
    await instance.remove(recordedOperation());
    expect(await listed(world)).toBe("");
  });

  test("a machine that was removed in VirtualBox is absent, cannot be started and can be removed", async () => {
    const { world, instance } = await created();
    await vboxManage(world, "unregistervm", "dev", "--delete");
    expect(await instance.power(recordedOperation())).toBe("absent");
    await expect(instance.start(recordedOperation())).rejects.toMatchObject({
      code: "INSTANCE_MISSING",
    });
    await instance.remove(recordedOperation());
  });

  test("a machine without its disk is absent", async () => {
    const { instance, directory } = await created();
    await rm(join(directory, "dev", "data.vdi"));
    expect(await instance.power(recordedOperation())).toBe("absent");
    await instance.remove(recordedOperation());
  });

  test("a machine whose folder was moved is registered where it is now", async () => {
    const { world, provider, record, places, directory } = await created();
    await rename(directory, `${directory}-moved`);
    const moved = provider.open(record, { ...places, directory: `${directory}-moved` });
    expect(await moved.power(recordedOperation())).toBe("stopped");
    // It cannot run here; that it is found shows in what VirtualBox knows afterwards.
    await expect(moved.start(recordedOperation())).rejects.toMatchObject(noDriver);
    expect(await vboxManage(world, "showvminfo", "dev", "--machinereadable")).toContain(
      `CfgFile="${directory}-moved/dev/dev.vbox"`,
    );
    await moved.remove(recordedOperation());
    expect(await listed(world)).toBe("");
  });

  test("what cannot start says why, and is stopped", async () => {
    const { world, instance, places } = await created();
    await expect(instance.start(recordedOperation())).rejects.toMatchObject(noDriver);
    expect(await instance.power(recordedOperation())).toBe("stopped");
    // It has come as far as it can: its images are in their drives.
    expect(await vboxManage(world, "showvminfo", "dev", "--machinereadable")).toContain(
      `"SATA-2-0"="${places.images?.seedImage}"`,
    );
  });

  test("the copy of a machine's folder is refused, and removed without the machine", async () => {
    const { world, provider, record, places, directory, instance } = await created();
    const copy = `${directory}-copy`;
    await cp(directory, copy, { recursive: true });
    const copied = provider.open(record, { ...places, directory: copy });
    const refusal = { code: "INSTANCE_EXISTS" };
    const operation = recordedOperation();
    await expect(copied.start(operation)).rejects.toMatchObject(refusal);
    await expect(copied.stop("power-off", operation)).rejects.toMatchObject(refusal);
    await expect(copied.snapshots?.list(operation)).rejects.toMatchObject(refusal);
    await copied.remove(operation);
    expect(await readdir(copy)).not.toContain("dev");
    expect(await listed(world)).toMatch(/^"dev" /);
    expect(await instance.power(operation)).toBe("stopped");
  });

  test("a machine whose settings are damaged says how to mend them, and starts again then", async () => {
    const { world, instance, directory } = await created();
    const settingsFile = join(directory, "dev", "dev.vbox");
    // What is kept is what was there before the last change: the machine with its disk.
    await vboxManage(world, "modifyvm", "dev", "--description", "changed");
    await restartServer(world);
    await writeFile(settingsFile, (await readFile(settingsFile, "utf8")).slice(0, 900));
    await expect(instance.start(recordedOperation())).rejects.toMatchObject({
      hints: [expect.stringMatching(/^copy .*dev\.vbox-prev, .* over .*dev\.vbox, then run/)],
    });
    await copyFile(`${settingsFile}-prev`, settingsFile);
    await expect(instance.start(recordedOperation())).rejects.toMatchObject(noDriver);
  });

  test("a saved machine gets other ports where its own are taken, and stays saved when it cannot go on", async () => {
    const { world, record, instance, directory } = await created();
    await vboxManage(world, "modifyvm", "dev", "--natpf1", "mine,tcp,,40080,,80");
    await writeFile(join(directory, "state.sav"), "state");
    await vboxManage(world, "adoptstate", "dev", join(directory, "state.sav"));
    expect(await instance.power(recordedOperation())).toBe("suspended");
    const { ports } = parseVirtualBoxRecord(record);
    const rival = createServer().listen(ports.docker, "127.0.0.1");
    onTestFinished(() => void rival.close());
    await once(rival, "listening");
    await expect(instance.start(recordedOperation())).rejects.toMatchObject(noDriver);
    const told = await vboxManage(world, "showvminfo", "dev", "--machinereadable");
    expect(told).toMatch(/^Forwarding\(\d\)="mine,tcp,,40080,,80"$/m);
    expect(told).toMatch(/^Forwarding\(\d\)="docker,tcp,127\.0\.0\.1,/m);
    expect(told).not.toContain(`,${ports.docker},`);
    expect(await instance.power(recordedOperation())).toBe("suspended");
    await instance.remove(recordedOperation());
  });

  test("a create that was killed after the settings were written goes on", async () => {
    const { world, provider, record, places, directory } = await created();
    await vboxManage(world, "unregistervm", "dev");
    expect(await listed(world)).toBe("");
    await provider.open(record, places).create(recordedOperation());
    expect(await listed(world)).toMatch(/^"dev" /);
    await access(join(directory, "dev", "data.vdi"));
  });

  test("a folder whose record is lost is abandoned, and others' folders are none of its business", async () => {
    const { world, provider, directory } = await created();
    await provider.abandon(`${directory}-other`, recordedOperation());
    expect(await listed(world)).toMatch(/^"dev" /);
    await provider.abandon(directory, recordedOperation());
    expect(await listed(world)).toBe("");
  });

  test("snapshots are taken, listed, restored and removed by their labels", async () => {
    const { instance } = await created();
    const { snapshots } = instance;
    const operation = recordedOperation();
    expect(await snapshots?.list(operation)).toEqual([]);
    await snapshots?.take("clean", operation);
    await snapshots?.take("later", operation);
    expect(await snapshots?.list(operation)).toEqual(["clean", "later"]);
    await expect(snapshots?.take("clean", operation)).rejects.toMatchObject({
      message: 'machine "dev" has a snapshot "clean" already',
    });
    await snapshots?.restore("clean", operation, async () => {});
    await expect(snapshots?.remove("clean", operation)).rejects.toMatchObject({
      ...{ code: "INVALID_INPUT", hints: ['remove these first, in this order: "later"'] },
    });
    await snapshots?.take("other", operation);
    await expect(snapshots?.remove("clean", operation)).rejects.toMatchObject({
      ...{ code: "INVALID_INPUT", hints: ['remove these first, in this order: "later"'] },
    });
    expect(await snapshots?.list(operation)).toEqual(["clean", "later", "other"]);
    await snapshots?.remove("later", operation);
    // One snapshot that goes on from it is merged with it.
    await snapshots?.remove("clean", operation);
    await snapshots?.take("clean", operation);
    await snapshots?.remove("other", operation);
    expect(await snapshots?.list(operation)).toEqual(["clean"]);
    await expect(snapshots?.restore("gone", operation, async () => {})).rejects.toMatchObject({
      ...{ code: "INVALID_INPUT", hints: ['choose one of: "clean"'] },
    });
    expect(await instance.power(operation)).toBe("stopped");
    await instance.remove(operation);
  });

  test("images of before an upgrade are not listed any more once the machine has others", async () => {
    const { world, provider, record, places, instance } = await created();
    await expect(instance.start(recordedOperation())).rejects.toMatchObject(noDriver);
    const former = places.images?.engineImage ?? "";
    expect(await vboxManage(world, "list", "dvds")).toContain(former);
    const upgraded = { ...places, images: await makeImages() };
    const after = provider.open(record, upgraded);
    await expect(after.start(recordedOperation())).rejects.toMatchObject(noDriver);
    const dvds = await vboxManage(world, "list", "dvds");
    expect(dvds).toContain(upgraded.images.engineImage);
    expect(dvds).not.toContain(former);
    await after.remove(recordedOperation());
    expect(await vboxManage(world, "list", "dvds")).toBe("");
  });

  test("a folder to share is in the machine's settings", async () => {
    const shared = await temporaryDirectory();
    const { world, instance } = await created({ shareFolder: [`${shared}:code`] });
    expect(await vboxManage(world, "showvminfo", "dev", "--machinereadable")).toContain(
      `SharedFolderPathMachineMapping1="${shared}"`,
    );
    expect(instance.guest?.folders).toEqual([{ type: "vboxsf", tag: "code", mountPoint: "/code" }]);
  });

  test("a host-only adapter that cannot be made says which driver is missing", async () => {
    const { provider, record, places, world } = await planned({ network: "hostonly" });
    const instance = provider.open(record, places);
    await expect(instance.create(recordedOperation())).rejects.toMatchObject({
      hints: [expect.stringMatching(/modprobe vboxnetadp.*--virtualbox-network nat/)],
    });
    await instance.remove(recordedOperation());
    expect(await listed(world)).toBe("");
    expect(await vboxManage(world, "getextradata", "global", "enumerate")).not.toMatch(/tsmachine/);
  });
});
