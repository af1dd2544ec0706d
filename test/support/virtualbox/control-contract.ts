import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Control, Hardware } from "../../../src/providers/virtualbox/control.ts";
import { longMs } from "../../../src/providers/virtualbox/patience.ts";
import { withLockedMachine } from "../../../src/providers/virtualbox/soap/locked.ts";
import { openTransport } from "../../../src/providers/virtualbox/transport.ts";
import { startOwnService } from "../../../src/providers/virtualbox/webservice/own-service.ts";
import type { VirtualBoxWorld } from "../../../src/providers/virtualbox/world.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { restartServer, vboxManage, virtualBoxWorld } from "./virtualbox-host.ts";

export const unhurried = () => AbortSignal.timeout(240_000);

/** VirtualBox reached in this way, until the end of the running test. */
export async function openControl(
  webservice: string | null,
  world: VirtualBoxWorld,
): Promise<Control> {
  const transport = await openTransport(webservice, world, unhurried());
  onTestFinished(() => transport.close());
  return transport.control(unhurried());
}

/** Hardware without what needs the kernel driver. */
function sampleHardware(folder: string): Hardware {
  return {
    ...{ memoryMiB: 512, cpuCount: 2, consoleLog: join(folder, "console.log") },
    nat: { type: "virtio", mac: "08:00:27:0a:0b:0c", hasDnsProxy: true, hasHostResolver: false },
    hostOnly: undefined,
  };
}

/** A registered machine with a controller, named and placed like one that XML has to escape, and not ASCII. */
export async function makeMachine(control: Control, name = `dév & "co" <1>`) {
  const folder = join(await temporaryDirectory(), "zoë");
  await mkdir(folder);
  const uuid = randomUUID();
  await control.createMachine({ uuid, name, folder });
  await control.configureMachine(uuid, sampleHardware(folder));
  await control.addController(uuid);
  return { uuid, name, folder };
}

/** What every implementation promises, against a real VirtualBox without its kernel driver. */
export function testControl(webservice: string | null): void {
  const open = async () => openControl(webservice, await virtualBoxWorld());

  test("machines are made, listed, read and deleted", async () => {
    const control = await open();
    expect(await control.version()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await control.listMachines()).toEqual([]);
    expect(await control.readMachine(randomUUID())).toBeUndefined();
    const { uuid, name, folder } = await makeMachine(control);
    expect(await control.listMachines()).toEqual([{ uuid, name }]);
    const view = await control.readMachine(uuid);
    expect(view).toMatchObject({
      ...{ uuid, name, state: "poweroff", hasController: true },
      ...{ media: new Map(), forwards: [], folders: [], adapters: [] },
    });
    expect(view?.settingsFile).toMatch(new RegExp(`^${folder}/.*\\.vbox$`));
    expect(view?.logFolder).toMatch(new RegExp(`^${folder}/.*/Logs$`));
    await control.deleteMachine(uuid);
    await control.deleteMachine(uuid);
    expect(await control.listMachines()).toEqual([]);
    await expect(readFile(view?.settingsFile ?? "")).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("a machine of a UUID that is there already is refused", async () => {
    const control = await open();
    const { uuid } = await makeMachine(control);
    await expect(
      control.createMachine({ uuid, name: "other", folder: await temporaryDirectory() }),
    ).rejects.toMatchObject({ code: "VIRTUALBOX_FAILED", context: { code: "0x80070057" } });
  });

  test("media, folders and forwards are there until others take their place", async () => {
    const control = await open();
    const { uuid, folder } = await makeMachine(control);
    const { settingsFile = "" } = (await control.readMachine(uuid)) ?? {};
    const disk = join(dirname(settingsFile), "data.vdi");
    const images = [join(folder, "one.iso"), join(folder, "two & thrée.iso")] as const;
    for (const path of images) await writeFile(path, Buffer.alloc(64 * 1024));
    await control.createDisk({ path: disk, sizeMiB: 100 });
    await control.attach(uuid, { port: 3, kind: "disk", path: disk });
    await control.attach(uuid, { port: 0, kind: "dvd", path: images[0] });
    await control.attach(uuid, { port: 0, kind: "dvd", path: images[1] });
    await control.addFolder(uuid, { tag: "códe&more", path: folder });
    const before = [{ name: "ssh", hostPort: 40022, guestPort: 22 }];
    const after = [
      { name: "ssh", hostPort: 40122, guestPort: 22 },
      { name: "docker", hostPort: 42376, guestPort: 2376 },
    ];
    await control.setForwards(uuid, [], before);
    await control.setForwards(uuid, before, after);

    const view = await control.readMachine(uuid);
    expect(view?.media).toEqual(
      new Map([
        [0, images[1]],
        [3, disk],
      ]),
    );
    expect(view?.folders).toEqual(["códe&more"]);
    expect([...(view?.forwards ?? [])].sort((a, b) => a.hostPort - b.hostPort)).toEqual(after);

    // Those in use, unknown, damaged and gone are left alone.
    const damaged = join(folder, "damaged.iso");
    await writeFile(damaged, "half of it");
    for (const path of [...images, damaged, join(folder, "none.iso")]) {
      await control.forgetDvd(path);
    }
    expect((await control.readMachine(uuid))?.media.get(0)).toBe(images[1]);
    await control.deleteMachine(uuid);
    await expect(readFile(disk)).rejects.toMatchObject({ code: "ENOENT" });
    await readFile(images[1]);
  });

  test("forwards of a name that nobody knew of are replaced, and all others stay", async () => {
    const control = await open();
    const { uuid } = await makeMachine(control);
    const mine = { name: "mine", hostPort: 40080, guestPort: 80 };
    const ssh = { name: "ssh", hostPort: 40022, guestPort: 22 };
    const docker = { name: "docker", hostPort: 42376, guestPort: 2376 };
    await control.setForwards(uuid, [], [mine]);
    await control.setForwards(uuid, [], [ssh]);
    await control.setForwards(uuid, [ssh], [{ ...ssh, hostPort: 40122 }, docker]);
    const forwards = (await control.readMachine(uuid))?.forwards ?? [];
    expect(new Set(forwards)).toEqual(new Set([mine, { ...ssh, hostPort: 40122 }, docker]));
  });

  test("a machine can be configured again, and is as it was told last", async () => {
    const control = await open();
    const { uuid, folder } = await makeMachine(control);
    await control.configureMachine(uuid, { ...sampleHardware(folder), memoryMiB: 768 });
    const settings = await readFile((await control.readMachine(uuid))?.settingsFile ?? "", "utf8");
    expect(settings).toContain('<Memory RAMSize="768"/>');
  });

  test("a saved machine can be put on another adapter, and stays saved", async () => {
    const world = await virtualBoxWorld();
    const control = await openControl(webservice, world);
    const { uuid, folder } = await makeMachine(control);
    await vboxManage(
      world,
      "modifyvm",
      uuid,
      "--nic2",
      "hostonly",
      "--hostonlyadapter2",
      "vboxnet0",
    );
    await writeFile(join(folder, "state.sav"), "state");
    await vboxManage(world, "adoptstate", uuid, join(folder, "state.sav"));
    await control.moveToAdapter(uuid, "vboxnet1");
    expect(await control.readMachine(uuid)).toMatchObject({
      ...{ state: "saved", adapters: ["vboxnet1"] },
    });
  });

  test("a machine that was unregistered is registered again with its disks", async () => {
    const control = await open();
    const { uuid, folder } = await makeMachine(control);
    const disk = { port: 3, kind: "disk", path: join(folder, "data.vdi") } as const;
    await control.createDisk({ path: disk.path, sizeMiB: 100 });
    await control.attach(uuid, disk);
    await control.takeSnapshot(uuid, "one");
    const { settingsFile = "" } = (await control.readMachine(uuid)) ?? {};
    await control.unregisterMachine(uuid);
    await control.unregisterMachine(uuid);
    expect(await control.readMachine(uuid)).toBeUndefined();
    await control.registerMachine(settingsFile);
    const view = await control.readMachine(uuid);
    expect(view?.settingsFile).toBe(settingsFile);
    expect(view?.media.get(3)).toMatch(/Snapshots/);
    await expect(control.registerMachine(join(folder, "none.vbox"))).rejects.toMatchObject({
      code: "VIRTUALBOX_FAILED",
    });
  });

  test("snapshots are told by UUID, also two of one label", async () => {
    const control = await open();
    const { uuid } = await makeMachine(control);
    expect(await control.listSnapshots(uuid)).toEqual([]);
    await control.takeSnapshot(uuid, "sáme");
    await control.takeSnapshot(uuid, "sáme");
    const [first, second] = await control.listSnapshots(uuid);
    expect([first, second]).toMatchObject([
      { label: "sáme", parent: undefined, isCurrent: false },
      { label: "sáme", parent: first?.uuid, isCurrent: true },
    ]);
    await control.restoreSnapshot(uuid, first?.uuid ?? "");
    await control.deleteSnapshot(uuid, second?.uuid ?? "");
    expect(await control.listSnapshots(uuid)).toEqual([{ ...first, isCurrent: true }]);
    await expect(control.restoreSnapshot(uuid, randomUUID())).rejects.toMatchObject({
      code: "VIRTUALBOX_FAILED",
      message: expect.stringContaining("Could not find a snapshot"),
    });
  });

  test("notes are written, read and taken away, and others' stay", async () => {
    const control = await open();
    await control.writeNote("other", "stays");
    await control.writeNote("tsmachine/address/192.168.56.10", "a, b & ç");
    expect(await control.readNotes()).toEqual(
      new Map([
        ["other", "stays"],
        ["tsmachine/address/192.168.56.10", "a, b & ç"],
      ]),
    );
    await control.writeNote("tsmachine/address/192.168.56.10", undefined);
    expect(await control.readNotes()).toEqual(new Map([["other", "stays"]]));
  });

  test("a machine whose settings file is gone is inaccessible, and can be unregistered", async () => {
    const world = await virtualBoxWorld();
    const { uuid, settingsFile } = await lostMachine(world);
    const control = await openControl(webservice, world);
    expect(await control.listMachines()).toEqual([{ uuid, name: undefined }]);
    expect(await control.readMachine(uuid)).toMatchObject({ state: "inaccessible" });
    await control.deleteMachine(uuid);
    expect(await control.readMachine(uuid)).toBeUndefined();
    await expect(readFile(settingsFile)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("what a machine that is off cannot do is refused in VirtualBox's words", async () => {
    const control = await open();
    const { uuid } = await makeMachine(control);
    for (const command of ["pressPowerButton", "powerOff", "resume", "saveState"] as const) {
      await expect(control[command](uuid)).rejects.toMatchObject({
        code: "VIRTUALBOX_FAILED",
        message: expect.stringContaining("is not currently running"),
      });
    }
  });

  test("a start without the kernel driver fails, and the machine is off and free", async () => {
    const control = await open();
    const { uuid, folder } = await makeMachine(control);
    await expect(control.launch(uuid, "headless", longMs)).rejects.toMatchObject({
      code: "VIRTUALBOX_FAILED",
      message: expect.stringContaining("has terminated unexpectedly during startup"),
    });
    expect((await control.readMachine(uuid))?.state).toBe("poweroff");
    await control.configureMachine(uuid, sampleHardware(folder));
  });

  test("host-only adapters need a driver too, and their DHCP servers do not", async () => {
    const control = await open();
    expect(await control.listAdapters()).toEqual([]);
    expect(await control.listAdapterNames()).toEqual([]);
    await expect(
      control.createAdapter({ address: "192.168.56.1", prefixLength: 24 }),
    ).rejects.toMatchObject({
      code: "VIRTUALBOX_FAILED",
      hints: [expect.stringContaining("modprobe vboxnetadp")],
    });
    await expect(control.removeAdapter("vboxnet7")).rejects.toMatchObject({
      code: "VIRTUALBOX_FAILED",
    });
    expect(await control.listDhcpServers()).toEqual([
      {
        ...{ network: "HostInterfaceNetworking-vboxnet0", address: "192.168.56.100" },
        ...{ lowest: "192.168.56.101", highest: "192.168.56.254", isEnabled: true },
      },
    ]);
    await control.removeDhcpServer("HostInterfaceNetworking-vboxnet0");
    expect(await control.listDhcpServers()).toEqual([]);
  });

  test.each(["", "also after a snapshot of them, "])(
    "disks that are not in the machine's folder outlive it, %sand its own do not",
    async (after) => {
      const world = await virtualBoxWorld();
      const control = await openControl(webservice, world);
      const { uuid, folder } = await makeMachine(control);
      const { settingsFile = "" } = (await control.readMachine(uuid)) ?? {};
      const own = join(dirname(settingsFile), "data.vdi");
      const foreign = join(await temporaryDirectory(), "projects.vdi");
      for (const [port, path] of [own, foreign].entries()) {
        await control.createDisk({ path, sizeMiB: 8 });
        await control.attach(uuid, { port, kind: "disk", path });
      }
      if (after !== "") {
        for (const label of ["one", "two"]) await control.takeSnapshot(uuid, label);
      }
      await control.deleteMachine(uuid);
      expect(await control.readMachine(uuid)).toBeUndefined();
      expect(existsSync(foreign)).toBe(true);
      expect(await readdir(folder)).toEqual([]);
      expect(await vboxManage(world, "list", "hdds")).toBe("");
    },
  );

  test("what was written since a snapshot goes with the machine, wherever its snapshots are", async () => {
    const world = await virtualBoxWorld();
    const control = await openControl(webservice, world);
    const { uuid, folder } = await makeMachine(control);
    const snapshots = await temporaryDirectory();
    const foreign = join(snapshots, "projects.vdi");
    await control.createDisk({ path: foreign, sizeMiB: 8 });
    await control.attach(uuid, { port: 1, kind: "disk", path: foreign });
    await vboxManage(world, "modifyvm", uuid, "--snapshotfolder", snapshots);
    for (const label of ["one", "two"]) await control.takeSnapshot(uuid, label);
    expect(await readdir(snapshots)).toHaveLength(3);
    await control.deleteMachine(uuid);
    expect(await readdir(snapshots)).toEqual(["projects.vdi"]);
    expect(await readdir(folder)).toEqual([]);
  });

  test("a machine that another program holds is locked, and is not afterwards", async () => {
    const world = await virtualBoxWorld();
    const control = await openControl(webservice, world);
    const { uuid, folder } = await makeMachine(control);
    const { connection, end } = await startOwnService(world, unhurried());
    onTestFinished(end);
    const client = connection.client(unhurried());
    await withLockedMachine(client, uuid, "Write", async () => {
      for (const refused of [
        () => control.configureMachine(uuid, sampleHardware(folder)),
        () => control.addFolder(uuid, { tag: "code", path: folder }),
        () => control.launch(uuid, "headless", longMs),
        () => control.unregisterMachine(uuid),
      ]) {
        await expect(refused()).rejects.toMatchObject({ code: "INSTANCE_LOCKED" });
      }
      expect((await control.readMachine(uuid))?.state).toBe("poweroff");
    });
    await connection.close();
    await control.configureMachine(uuid, sampleHardware(folder));
  });
}

/** A machine that VirtualBox knows and cannot read. */
async function lostMachine(world: VirtualBoxWorld) {
  const transport = await openTransport(null, world, unhurried());
  const control = transport.control(unhurried());
  const { uuid } = await makeMachine(control);
  const { settingsFile = "" } = (await control.readMachine(uuid)) ?? {};
  await rm(settingsFile);
  await restartServer(world);
  return { uuid, settingsFile };
}
