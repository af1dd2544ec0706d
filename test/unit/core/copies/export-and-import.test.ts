import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createAuthority } from "../../../../src/certs/authority.ts";
import { readCertificate } from "../../../../src/certs/read-certificate.ts";
import { exportMachine } from "../../../../src/core/copies/export-machine.ts";
import { importArchive } from "../../../../src/core/copies/import-archive.ts";
import { startMachine } from "../../../../src/core/machine/power.ts";
import { removeMachine } from "../../../../src/core/machine/remove.ts";
import {
  digestOfDisk,
  diskBytes,
  editArchive,
  exportedMachine,
  stoppedMachine,
} from "../../../support/copies/stopped-machine.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 60_000 });

async function exportedWorld(changes: Parameters<typeof stoppedMachine>[1] = {}) {
  const world = await coreWorld();
  await stoppedMachine(world, changes);
  return { ...world, path: await exportedMachine(world) };
}

/** Another store, which has made a machine: it has the images and an authority. */
async function otherWorld() {
  const world = await coreWorld();
  await runningMachine(world, { name: "other" });
  return world;
}

const own = { images: "own" } as const;

describe("an archive", () => {
  test("is small for a disk of zeros, and for its owner alone", async () => {
    const { path } = await exportedWorld();
    const { size, mode } = await stat(path);
    expect(mode & 0o777).toBe(0o600);
    expect(size).toBeLessThan(diskBytes / 100);
  });

  test("has the record without what belongs to its place, and not the key of the store's clients", async () => {
    const { context, path } = await exportedWorld();
    const { key = "", sshKey = "" } = await context.store.readMachineFiles("dev");
    await editArchive(path, (members) => {
      const names = members.map(({ header }) => header.name);
      expect(names).toEqual([
        ...["archive.json", "machine.json", "id_rsa", "id_rsa.pub", "ssh_host_ed25519_key"],
        ...["server.pem", "server-key.pem", "images.lock.json"],
        ...["disk/0000000000000000", "disk/0000000000800000", "disk/0000000001400000"],
        "SHA256SUMS",
      ]);
      const all = Buffer.concat(members.map(({ content }) => content)).toString();
      expect(all).toContain(sshKey);
      expect(all).not.toContain(key);
      expect(all).not.toContain(context.store.layout.root);
      return members;
    });
  });

  test("does not take the place of a file, but for --force", async () => {
    const { context } = await exportedWorld();
    const path = join(await temporaryDirectory(), "file");
    await writeFile(path, "precious");
    const request = { name: "dev", path };
    await expect(exportMachine(context, { ...request, existing: "kept" })).rejects.toMatchObject({
      code: "FILE_EXISTS",
    });
    expect(await readFile(path, "utf8")).toBe("precious");
    const { size } = await exportMachine(context, { ...request, existing: "replaced" });
    expect((await stat(path)).size).toBe(size);
  });

  test("does not take the place of a file that appears while it is written", async () => {
    const { context } = await exportedWorld();
    const folder = await temporaryDirectory();
    const path = join(folder, "file");
    const { progress } = context;
    const late: typeof progress = {
      step: async (title, action) => {
        await writeFile(path, "precious");
        return progress.step(title, action);
      },
    };
    const exporting = exportMachine(
      { ...context, progress: late },
      { ...{ name: "dev", path }, existing: "kept" },
    );
    await expect(exporting).rejects.toMatchObject({ code: "FILE_EXISTS" });
    expect(await readdir(folder)).toEqual(["file"]);
    expect(await readFile(path, "utf8")).toBe("precious");
  });

  test("removes what killed ones have left of it, and nothing else", async () => {
    const { context } = await exportedWorld();
    const folder = await temporaryDirectory();
    const gone = `${2 ** 30}-0123abcd.tmp`;
    const others = [`file.${process.pid}-0123abcd.tmp`, "file.tmp", `other.${gone}`];
    for (const name of [...others, `file.${gone}`]) await writeFile(join(folder, name), "");
    const path = join(folder, "file");
    await exportMachine(context, { name: "dev", path, existing: "kept" });
    expect((await readdir(folder)).sort()).toEqual(["file", ...others].sort());
  });

  test("is not written of a machine that runs", async () => {
    const world = await coreWorld();
    await runningMachine(world);
    await expect(exportedMachine(world)).rejects.toMatchObject({ code: "MACHINE_NOT_STOPPED" });
  });
});

describe("an imported machine", () => {
  test("is the one that was exported, with ports of its own and this store's authority", async () => {
    const { context, path, ...source } = await exportedWorld({ tlsSans: ["dev.example"] });
    const other = await otherWorld();
    const { record, certificate, imagesToMake } = await importArchive(other.context, {
      ...{ path, ...own },
    });
    const former = await context.store.readMachine("dev");
    const { name, createdAt, engine, images, sshHostKey, tlsSans } = former;
    expect(record).toMatchObject({
      ...{ name, createdAt, engine, images, sshHostKey, tlsSans, phase: "ready" },
    });
    expect([certificate, imagesToMake]).toEqual(["renewed", []]);
    expect(record.provider.record).not.toEqual(former.provider.record);
    expect(await digestOfDisk(other, "dev")).toBe(
      await digestOfDisk({ context, ...source }, "dev"),
    );
    const formerFiles = await context.store.readMachineFiles("dev");
    const files = await other.context.store.readMachineFiles("dev");
    expect(files.sshKey).toBe(formerFiles.sshKey);
    expect(files.sshHostKey).toBe(formerFiles.sshHostKey);
    const authority = await other.context.store.readSigningAuthority();
    expect(files.ca).toBe(authority?.ca);
    expect(files.ca).not.toBe(formerFiles.ca);
    const { subjectNames } = await readCertificate(files.serverCertificate ?? "");
    expect(JSON.stringify(subjectNames)).toContain("dev.example");
    other.provider.guest = "serving";
    expect(await startMachine(other.context, "dev", { bootTimeoutMs: 20_000 })).toBe("changed");
  });

  test("trusts the authorities that it was given, of which the certificates alone are taken", async () => {
    const world = await coreWorld();
    await stoppedMachine(world);
    const { store } = world.context;
    const { certificate } = await createAuthority({ now: world.context.now() });
    await store.writeMachineFiles("dev", { trustedAuthorities: `of the proxy\n${certificate}` });
    const other = await otherWorld();
    await importArchive(other.context, { path: await exportedMachine(world), ...own });
    const { trustedAuthorities } = await other.context.store.readMachineFiles("dev");
    expect(trustedAuthorities).toBe(certificate);
  });

  test("has no authorities of a file with a private key", async () => {
    const world = await coreWorld();
    await stoppedMachine(world);
    const { key } = await createAuthority({ now: world.context.now() });
    await world.context.store.writeMachineFiles("dev", { trustedAuthorities: key });
    const other = await otherWorld();
    const importing = importArchive(other.context, { path: await exportedMachine(world), ...own });
    await expect(importing).rejects.toMatchObject({
      code: "IMPORT_INVALID",
      message: expect.stringContaining("trusted-authorities.pem holds a private key"),
    });
  });

  test.each([
    ["0.0.0.0", undefined, [expect.stringContaining("create --publish-address 0.0.0.0")]],
    ["127.0.0.2", "127.0.0.2", []],
  ])("that published ports on %s does so on %s", async (publishAddress, kept, warnings) => {
    const world = await coreWorld();
    await stoppedMachine(world);
    const { store } = world.context;
    await store.writeMachine({ ...(await store.readMachine("dev")), publishAddress });
    const other = await otherWorld();
    const path = await exportedMachine(world);
    const { record } = await importArchive(other.context, { path, ...own });
    expect(record.publishAddress).toBe(kept);
    expect(other.warnings).toEqual(warnings);
  });

  test("keeps its certificate where the store is the same", async () => {
    const { context, path } = await exportedWorld();
    const { serverCertificate } = await context.store.readMachineFiles("dev");
    await removeMachine(context, "dev", { force: false });
    const { certificate } = await importArchive(context, { path, ...own });
    expect(certificate).toBe("kept");
    expect((await context.store.readMachineFiles("dev")).serverCertificate).toBe(serverCertificate);
  });

  test("takes no name that is taken, and another one when that is given", async () => {
    const { context, path } = await exportedWorld();
    await expect(importArchive(context, { path, ...own })).rejects.toMatchObject({
      ...{ code: "MACHINE_EXISTS", hints: [expect.stringContaining("--name"), expect.anything()] },
    });
    expect((await context.store.readMachine("dev")).phase).toBe("ready");
    const { record, certificate } = await importArchive(context, { path, ...own, name: "moved" });
    expect([record.name, certificate]).toEqual(["moved", "renewed"]);
  });

  test("takes the place of one that was interrupted", async () => {
    const { context, path } = await exportedWorld();
    await context.store.writeMachine({
      ...(await context.store.readMachine("dev")),
      phase: "creating",
    });
    expect((await importArchive(context, { path, ...own })).record.phase).toBe("ready");
  });

  test("is not made by a provider that keeps machines elsewhere", async () => {
    const { path } = await exportedWorld();
    const provider = createFakeProvider({ capabilities: { portable: false } });
    const world = await coreWorld({ provider });
    const { context } = world;
    await runningMachine(world, { name: "other" });
    await expect(importArchive(context, { path, ...own })).rejects.toMatchObject({
      code: "CAPABILITY_MISSING",
    });
    expect(await context.store.listMachineNames()).toEqual(["other"]);
  });
});

describe("the images of an imported machine", () => {
  test("are made again of their locks where the store lacks them", async () => {
    const { path } = await exportedWorld();
    const { context } = await coreWorld();
    const { imagesToMake } = await importArchive(context, { path, ...own });
    expect(imagesToMake).toEqual(["boot", "engine"]);
  });

  test("must be there or makeable, unless it is to have those of this version", async () => {
    const { path } = await exportedWorld();
    await editArchive(path, (members) => withoutLocks(members));
    const { context } = await coreWorld();
    await expect(importArchive(context, { path, ...own })).rejects.toMatchObject({
      ...{ code: "IMAGE_MISSING", hints: [expect.stringContaining("--new-images")] },
    });
    expect(await context.store.listMachineNames()).toEqual([]);
    const { record } = await importArchive(context, { path, images: "standard" });
    expect(record.images?.commandLine).toBeDefined();
  });
});

/** With sums that know nothing of it. */
function withoutLocks<
  T extends { readonly header: { readonly name: string }; readonly content: Buffer },
>(members: readonly T[]): readonly T[] {
  return members
    .filter(({ header }) => header.name !== "images.lock.json")
    .map((member) =>
      member.header.name === "SHA256SUMS"
        ? { ...member, content: Buffer.from(`${member.content}`.replace(/.*images\.lock.*\n/, "")) }
        : member,
    );
}

test("nothing but the archive is left where it was written", async () => {
  const { path } = await exportedWorld();
  expect(await readdir(dirname(path))).toEqual(["dev.tsmachine"]);
});
