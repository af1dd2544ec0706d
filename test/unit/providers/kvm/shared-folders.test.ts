import { mkdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { qemuArguments } from "../../../../src/providers/kvm/process/qemu-arguments.ts";
import { endQemu } from "../../../../src/providers/kvm/process/stop.ts";
import { chooseBackEnd } from "../../../../src/providers/kvm/sharing/back-end.ts";
import { requireFolder } from "../../../../src/providers/kvm/sharing/folder-service.ts";
import { requireAddable } from "../../../../src/providers/kvm/sharing/plan-folders.ts";
import { endVirtiofsds, startVirtiofsds } from "../../../../src/providers/kvm/sharing/virtiofsd.ts";
import { realWorld } from "../../../support/boots/qemu.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";
import { sampleMachine } from "./sample-record.ts";

const onLinux = { accelerator: "tcg", firmware: undefined, platform: "linux" } as const;
const folders = [
  { path: "/my, work", mountPoint: "/work", isReadOnly: false },
  { path: "/srv/books", mountPoint: "/books", isReadOnly: true },
];

describe("QEMU is told of folders", () => {
  test("by virtiofs: the guest's memory is shared, and each folder has a socket", () => {
    const offered = { backEnd: "virtiofs", folders } as const;
    const line = qemuArguments(sampleMachine, { ...onLinux, offered }).join(" ");
    expect(line).toContain("-object memory-backend-memfd,id=memory,size=2048M,share=on");
    expect(line).toContain("-machine memory-backend=memory");
    expect(line).toContain(`-chardev socket,id=share1,path=folders/${sampleMachine.uuid}-1.sock`);
    expect(line).toContain("-device vhost-user-fs-pci,chardev=share1,tag=share1");
  });

  test("by virtiofs with the memory of a suspended machine, which may be of another size", () => {
    const offered = { backEnd: "virtiofs", folders } as const;
    const memory = { memoryMiB: 512 };
    const line = qemuArguments(sampleMachine, { ...onLinux, offered, memory }).join(" ");
    expect(line).toContain("id=memory,size=512M,share=on");
    expect(line).toContain("-m 512M");
  });

  test("by 9p: commas of paths are doubled, and QEMU itself refuses to write", () => {
    const offered = { backEnd: "9p", folders } as const;
    const line = qemuArguments(sampleMachine, { ...onLinux, offered }).join(" ");
    expect(line).toContain("-fsdev local,id=share0,path=/my,, work,security_model=none");
    expect(line).toMatch(/path=\/srv\/books,[^ ]*readonly=on/);
    expect(line).toContain("-device virtio-9p-pci,fsdev=share1,mount_tag=share1");
    expect(line).not.toContain("memfd");
  });

  test("when there are none, not at all", () => {
    const offered = { backEnd: "virtiofs", folders: [] } as const;
    expect(qemuArguments(sampleMachine, { ...onLinux, offered })).toEqual(
      qemuArguments(sampleMachine, onLinux),
    );
  });
});

/** A folder of PATH with a virtiofsd that does as the script says. */
async function withVirtiofsd(script: string) {
  const directory = await temporaryDirectory();
  const program = join(directory, "virtiofsd");
  await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { directory, program };
}

describe("the back end", () => {
  test("is virtiofs where its program is on PATH", async () => {
    const { directory, program } = await withVirtiofsd("");
    const environment = { PATH: `relative:${directory}` };
    expect(await chooseBackEnd({ platform: "linux", environment }, null)).toEqual({
      ...{ kind: "virtiofs", program },
    });
  });

  test("is 9p on macOS", async () => {
    const { directory } = await withVirtiofsd("");
    const environment = { PATH: directory };
    expect(await chooseBackEnd({ platform: "darwin", environment }, null)).toEqual({ kind: "9p" });
  });

  test("is none on Windows", async () => {
    const world = { platform: "win32", environment: {} } as const;
    await expect(chooseBackEnd(world, null)).rejects.toMatchObject({ code: "CAPABILITY_MISSING" });
  });

  test("is not another than the one that was given", async () => {
    const world = { platform: "linux", environment: {} } as const;
    await expect(chooseBackEnd(world, "/no/virtiofsd")).rejects.toMatchObject({
      ...{ code: "PROGRAM_MISSING", message: "there is no program /no/virtiofsd" },
    });
  });
});

describe("a further folder", () => {
  /** One that knows nothing of --readonly. */
  const olderThan113 =
    'case "$*" in *--readonly*) echo "unexpected argument" >&2; exit 2 ;; esac\n' +
    "echo Waiting for vhost-user socket connection; while :; do sleep 1; done";

  async function hostWith(script: string) {
    const { directory } = await withVirtiofsd(script);
    const world = { ...realWorld(), environment: { PATH: `${directory}:/usr/bin:/bin` } };
    const path = await realpath(directory);
    const folder = { path, mountPoint: "/work", isReadOnly: false };
    return { world, folder, readOnly: { path, mountPoint: "/books", isReadOnly: true } };
  }

  test("that virtiofsd does not serve does not take away those that it does", async () => {
    const { world, folder, readOnly } = await hostWith(olderThan113);
    const wish = { world, virtiofsd: null, folders: [folder, readOnly], had: [folder] };
    await expect(requireAddable("dev", wish, recordedOperation())).rejects.toMatchObject({
      ...{ code: "FOLDER_FAILED", hints: [expect.stringContaining("virtiofsd 1.13")] },
    });
  });

  test("goes by 9p where it is alone", async () => {
    const { world, folder, readOnly } = await hostWith(olderThan113);
    const wish = { world, virtiofsd: null, folders: [readOnly], had: [folder] };
    await expect(requireAddable("dev", wish, recordedOperation())).resolves.toBeUndefined();
  });
});

describe("virtiofsd", () => {
  const world = { platform: "linux", environment: { PATH: "/usr/bin:/bin" } } as const;
  async function machine() {
    const directory = join(await temporaryDirectory(), "m");
    await mkdir(directory);
    return { ...sampleMachine, directory };
  }

  test("that ends is told with its last words, and the others are ended", async () => {
    const { program } = await withVirtiofsd(
      'case "$*" in *books*) echo "Error: no such folder" >&2; exit 1 ;; esac\n' +
        "echo Waiting for vhost-user socket connection; while :; do sleep 1; done",
    );
    const one = await machine();
    await expect(
      startVirtiofsds(one, { world, program, folders }, recordedOperation()),
    ).rejects.toMatchObject({
      code: "FOLDER_FAILED",
      message:
        '/srv/books cannot be shared with machine "default": virtiofsd ended with status 1: Error: no such folder',
      hints: [expect.stringContaining("tsmachine share rm default /books")],
    });
  });

  test("that was left by a start that was killed is ended before another", async () => {
    const { program, directory } = await withVirtiofsd(
      `echo $$ >>${"$"}(dirname "$0")/pids; echo Waiting for vhost-user socket connection; while :; do sleep 1; done`,
    );
    const one = await machine();
    const service = { world, program, folders: folders.slice(0, 1) };
    await startVirtiofsds(one, service, recordedOperation());
    await startVirtiofsds(one, service, recordedOperation());
    const pids = await readFile(join(directory, "pids"), "utf8");
    const [first, second] = pids.trim().split("\n").map(Number);
    expect(() => process.kill(first ?? 0, 0)).toThrow("ESRCH");
    expect(process.kill(second ?? 0, 0)).toBe(true);
    await endVirtiofsds(one, world, recordedOperation());
    expect(() => process.kill(second ?? 0, 0)).toThrow("ESRCH");
  });

  test("of a start that was killed before QEMU came is ended by a removal", async () => {
    const { program, directory } = await withVirtiofsd(
      `echo $$ >${"$"}(dirname "$0")/pid; echo Waiting for vhost-user socket connection; while :; do sleep 1; done`,
    );
    const one = await machine();
    await startVirtiofsds(one, { world, program, folders }, recordedOperation());
    const pid = Number(await readFile(join(directory, "pid"), "utf8"));
    await endQemu(one, realWorld(), recordedOperation());
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  test("says that it is ready whatever its user has it log, and makes no devices", async () => {
    const { program, directory } = await withVirtiofsd(
      `echo "$RUST_LOG $*" >${"$"}(dirname "$0")/line; [ "$RUST_LOG" = info ] && echo Waiting for vhost-user socket connection; while :; do sleep 1; done`,
    );
    const one = await machine();
    const environment = { ...world.environment, RUST_LOG: "warn" };
    const service = { world: { ...world, environment }, program, folders: folders.slice(0, 1) };
    await startVirtiofsds(one, service, recordedOperation());
    await endVirtiofsds(one, world, recordedOperation());
    expect(await readFile(join(directory, "line"), "utf8")).toContain("--modcaps=-mknod");
  });
});

describe("a shared folder", () => {
  async function folderIn(parent: string) {
    const path = join(await realpath(parent), "work");
    await mkdir(path);
    return { path, mountPoint: "/work", isReadOnly: false };
  }

  test("that has become a link is not followed", async () => {
    const folder = await folderIn(await temporaryDirectory());
    await requireFolder(folder, "dev");
    await rm(folder.path, { recursive: true });
    await symlink("/etc", folder.path);
    await expect(requireFolder(folder, "dev")).rejects.toMatchObject({
      code: "INPUT_MISSING",
      message: `the folder ${folder.path} cannot be shared with machine "dev": it leads to /etc by now`,
    });
  });

  test("that is gone from a suspended machine is told with what can be done then", async () => {
    const folder = await folderIn(await temporaryDirectory());
    await rm(folder.path, { recursive: true });
    await expect(requireFolder(folder, "dev", { goesOn: true })).rejects.toMatchObject({
      hints: [expect.stringContaining("`tsmachine kill dev`")],
    });
  });
});
