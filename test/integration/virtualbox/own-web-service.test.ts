// What a web service of tsmachine's own leaves behind: nothing, whatever becomes of the command.
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { spawnDetached } from "../../../src/host/processes/spawn-detached.ts";
import { createVirtualBoxProvider } from "../../../src/providers/virtualbox/provider.ts";
import { openTransport } from "../../../src/providers/virtualbox/transport.ts";
import { openVBoxManage } from "../../../src/providers/virtualbox/vboxmanage/call.ts";
import {
  findVBoxManage,
  findVirtualBoxProgram,
} from "../../../src/providers/virtualbox/vboxmanage/find-vboxmanage.ts";
import { startOwnService } from "../../../src/providers/virtualbox/webservice/own-service.ts";
import { startProcess } from "../../../src/providers/virtualbox/webservice/process.ts";
import type { VirtualBoxWorld } from "../../../src/providers/virtualbox/world.ts";
import { sampleImages } from "../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { makeMachine, openControl, unhurried } from "../../support/virtualbox/control-contract.ts";
import {
  hasVirtualBox,
  killServer,
  virtualBoxWorld,
} from "../../support/virtualbox/virtualbox-host.ts";
import { recordedOperation } from "../../support/worlds/operations.ts";

async function vboxManage(world: VirtualBoxWorld, ...args: readonly string[]): Promise<string> {
  const program = (await findVBoxManage(world)) ?? "";
  return openVBoxManage(program, world, unhurried()).call(args);
}

/** What VirtualBox keeps of web services, and which of them run. */
async function traces(world: VirtualBoxWorld) {
  const properties = await vboxManage(world, "list", "systemproperties");
  return {
    authentication: /^Webservice auth\. library:.*$/m.exec(properties)?.[0],
    notes: await vboxManage(world, "getextradata", "global", "enumerate"),
    folders: (await readdir(world.settingsFolder)).filter((name) => name.startsWith("tsmachine-")),
  };
}

describe.skipIf(!hasVirtualBox)("own service (skipped where there is no VirtualBox)", () => {
  test("settings are as before while it serves, and everything is when it has ended", async () => {
    const world = await virtualBoxWorld();
    await vboxManage(world, "setproperty", "websrvauthlibrary", "null");
    const before = await traces(world);
    const { connection, end } = await startOwnService(world, unhurried());
    const during = await traces(world);
    expect(during).toEqual({ ...before, folders: [expect.any(String)] });
    expect(during.notes).toBe("");
    const folder = join(world.settingsFolder, during.folders[0] ?? "");
    const { service } = JSON.parse(await readFile(join(folder, "processes.json"), "utf8"));
    await connection.close();
    await end();
    expect(await traces(world)).toEqual(before);
    expect(() => process.kill(service.pid, 0)).toThrow();
  });

  test("what a killed command has left is put right by the next", async () => {
    const world = await virtualBoxWorld();
    await vboxManage(world, "setextradata", "global", "tsmachine/websrvauthlibrary", "VBoxAuth");
    await vboxManage(world, "setextradata", "global", "VBoxAuthSimple/users/tsmachine-00", "ff");
    await vboxManage(world, "setextradata", "global", "VBoxAuthSimple/users/jo", "ff");
    await vboxManage(world, "setproperty", "websrvauthlibrary", "VBoxAuthSimple");
    const left = join(world.settingsFolder, "tsmachine-webservice-00000000");
    await mkdir(left);
    const { identity: service } = await spawnDetached("sleep", ["600"], {
      ...{ cwd: left, logPath: join(left, "log"), environment: process.env },
    });
    const owner = { pid: 2 ** 22 - 1, startedAt: "long ago" };
    await writeFile(join(left, "processes.json"), JSON.stringify({ owner, service }));
    const { connection, end } = await startOwnService(world, unhurried());
    await connection.close();
    await end();
    expect(await traces(world)).toEqual({
      authentication: expect.stringMatching(/ VBoxAuth$/),
      notes: "Key: VBoxAuthSimple/users/jo, Value: ff\n",
      folders: [],
    });
    expect(() => process.kill(service?.pid ?? 0, 0)).toThrow();
  });

  test("a command that is cancelled ends it too, and frees the machine", async () => {
    const world = await virtualBoxWorld();
    const control = await openControl(null, world);
    const { uuid } = await makeMachine(control);
    const cancel = new AbortController();
    const transport = await openTransport("own", world, cancel.signal);
    const pending = transport.control(cancel.signal).takeSnapshot(uuid, "one");
    cancel.abort(new Error("cancelled"));
    await expect(pending).rejects.toThrow("cancelled");
    await transport.close();
    expect((await traces(world)).folders).toEqual([]);
    await control.takeSnapshot(uuid, "two");
  });

  test("one that is cancelled before it serves leaves nothing either", async () => {
    const world = await virtualBoxWorld();
    const before = await traces(world);
    const cancel = new AbortController();
    const pending = startOwnService(world, cancel.signal);
    const watch = setInterval(async () => {
      const names = await readdir(world.settingsFolder);
      if (names.some((name) => name.startsWith("tsmachine-web"))) cancel.abort(new Error("enough"));
    }, 1);
    onTestFinished(() => clearInterval(watch));
    await expect(pending).rejects.toThrow("enough");
    expect(await traces(world)).toEqual(before);
  });

  test("a VBoxSVC that is killed is told of, with what to do, and nothing is done twice", async () => {
    const world = await virtualBoxWorld();
    const control = await openControl("own", world);
    const { uuid } = await makeMachine(control);
    await killServer(world);
    await expect(control.takeSnapshot(uuid, "one")).rejects.toMatchObject({
      code: "VIRTUALBOX_FAILED",
      message: expect.stringMatching(/^VirtualBox ended before it answered: /),
      hints: [expect.stringMatching(/^run the command again/)],
    });
    const next = await openControl("own", world);
    expect(await next.listSnapshots(uuid)).toEqual([]);
  });

  test("a port that another program was quicker to take is noticed", async () => {
    const world = await virtualBoxWorld();
    const rival = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void rival.close());
    await once(rival, "listening");
    const address = rival.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const program = (await findVirtualBoxProgram("vboxwebsrv", world)) ?? "";
    const service = await startProcess(program, port, world);
    await expect(service.listening(unhurried())).rejects.toMatchObject({
      ...{ code: "VIRTUALBOX_FAILED", message: expect.stringMatching(/Address already in use/) },
    });
    expect(service.lostItsPort()).toBe(true);
    await service.end();
  });

  test("a machine lives by it as by VBoxManage, and its record holds no secret", async () => {
    const world = await virtualBoxWorld();
    const provider = createVirtualBoxProvider(world);
    const directory = join(await temporaryDirectory(), "dev");
    await mkdir(directory);
    const places = { directory, images: sampleImages };
    const options = { network: "nat", noVtxCheck: true, diskSizeMiB: 1024, webservice: "own" };
    const spec = { name: "dev", architecture: "amd64" } as const;
    const planned = await provider.plan(spec, options, recordedOperation());
    expect(planned).toMatchObject({ webservice: "own" });
    const record = await provider.open(planned, places).create(recordedOperation());
    const instance = provider.open(record, places);
    expect(await instance.power(recordedOperation())).toBe("stopped");
    await expect(instance.start(recordedOperation())).rejects.toThrow();
    await instance.remove(recordedOperation());
    expect(await vboxManage(world, "list", "vms")).toBe("");
    expect(await readdir(directory)).toEqual([]);
    expect(JSON.stringify(record)).not.toMatch(/password/i);
    expect((await traces(world)).folders).toEqual([]);
  });

  test("a machine made through it is the same as one of VBoxManage's", async () => {
    const world = await virtualBoxWorld();
    const [one, other] = [await openControl(null, world), await openControl("own", world)];
    const described = await Promise.all(
      [one, other].map(async (control) => {
        const { uuid, folder } = await makeMachine(control, "dev");
        const path = join(folder, "data.vdi");
        await control.createDisk({ path, sizeMiB: 100 });
        await control.attach(uuid, { port: 3, kind: "disk", path });
        await control.addFolder(uuid, { tag: "code", path: folder });
        await control.setForwards(uuid, [], [{ name: "ssh", hostPort: 40022, guestPort: 22 }]);
        const told = await vboxManage(world, "showvminfo", uuid, "--machinereadable");
        const { settingsFile = "" } = (await control.readMachine(uuid)) ?? {};
        return {
          told: withoutIdentity(told, folder),
          settings: withoutIdentity(await readFile(settingsFile, "utf8"), folder),
        };
      }),
    );
    expect(described[1]).toEqual(described[0]);
    expect(described[0]?.settings).toContain('fadeOut="false" displayTime="0"');
  });
});

/** UUIDs, addresses, times and folders are each machine's own. */
function withoutIdentity(text: string, folder: string): string {
  // In the settings, what is not ASCII is written as references to characters.
  const inSettings = folder.replace(
    /[^ -~]/g,
    (one) => `&#x${one.charCodeAt(0).toString(16).toUpperCase()};`,
  );
  return text
    .replaceAll(folder, "FOLDER")
    .replaceAll(inSettings, "FOLDER")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    .replace(/(macaddress\d+="|MACAddress=")[0-9A-F]{12}/g, "$1MAC")
    .replace(/(VMStateChangeTime="|lastStateChange=")[^"]*/g, "$1TIME");
}
