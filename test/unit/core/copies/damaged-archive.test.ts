import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { importArchive } from "../../../../src/core/copies/import-archive.ts";
import { type BundleMember, changed } from "../../../support/bundle/members.ts";
import {
  diskBytes,
  editArchive,
  exportedMachine,
  stoppedMachine,
} from "../../../support/copies/stopped-machine.ts";
import { sha256 } from "../../../support/debian/repository.ts";
import { coreWorld } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 60_000 });

const anotherKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKiEwLBZBGNeFyqDLdyxyQUsfRbdvC9/EVJcRQbrVWzr";
const deep = "[".repeat(200_000) + "]".repeat(200_000);

type Members = readonly BundleMember[];

async function archiveWorld() {
  const world = await coreWorld();
  await stoppedMachine(world);
  return { ...world, path: await exportedMachine(world) };
}

/** Nothing of the archive is in a store that has nothing else. */
async function expectRefusal(path: string, reason: RegExp, code = "IMPORT_INVALID"): Promise<void> {
  const { context, provider } = await coreWorld();
  const importing = importArchive(context, { path, images: "own" });
  await expect(importing).rejects.toMatchObject({ code, message: expect.stringMatching(reason) });
  expect(await context.store.listMachineNames()).toEqual([]);
  expect(provider.calls.filter((call) => call.startsWith("start"))).toEqual([]);
}

/** The same members with sums that are right. */
function summed(members: Members): Members {
  const others = members.filter(({ header }) => header.name !== "SHA256SUMS");
  const lines = others.map(({ header, content }) => `${sha256(content)}  ${header.name}\n`);
  return [...others, { header: { name: "SHA256SUMS" }, content: Buffer.from(lines.join("")) }];
}

const withText = (members: Members, name: string, from: string | RegExp, to: string) =>
  summed(
    changed(members, name, (content) => {
      const text = `${content}`.replace(from, to);
      if (text === `${content}`) throw new Error(`${name} has no ${from}`);
      return Buffer.from(text);
    }),
  );

const added = (members: Members, header: BundleMember["header"], content = "") => {
  const at = members.findIndex(({ header: { name } }) => name.startsWith("disk/"));
  return summed(members.toSpliced(at, 0, { header, content: Buffer.from(content) }));
};

test("an archive that was written anew as it was is taken", async () => {
  const { path } = await archiveWorld();
  await editArchive(path, summed);
  const { context } = await coreWorld();
  const { record } = await importArchive(context, { path, images: "own" });
  expect(record.name).toBe("dev");
});

describe("an archive that was damaged on its way leaves nothing:", () => {
  test.each([
    ["cut short in the middle", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["cut short at its end", (bytes: Buffer) => bytes.subarray(0, -9)],
    [
      "with some bytes changed",
      (bytes: Buffer) => bytes.fill(0xff, bytes.length - 900, bytes.length - 890),
    ],
    ["empty", () => Buffer.alloc(0)],
    ["something else", () => Buffer.from("#!/bin/sh\n")],
    ["something else that is packed", () => gzipSync("#!/bin/sh\n".repeat(200))],
  ])("%s", async (_, damage) => {
    const { path } = await archiveWorld();
    await writeFile(path, damage(await readFile(path)));
    await expectRefusal(path, /is no usable machine archive: /);
  });

  test("not there", async () => {
    await expectRefusal("/nowhere/dev", /there is no readable file/, "FILE_UNREADABLE");
  });
});

describe("an archive that somebody has changed leaves nothing:", () => {
  const cases: readonly (readonly [string, RegExp, (members: Members) => Members])[] = [
    [
      "another disk",
      /hashes of its SHA256SUMS/,
      (members) => changed(members, "disk/0000000000800000", (part) => part.fill(1, 0, 1)),
    ],
    [
      "another key",
      /its ssh_host_ed25519_key is not that of its record/,
      (members) => changed(members, "ssh_host_ed25519_key", (key) => key.fill("A", 60, 70)),
    ],
    [
      "another host key in the record",
      /its ssh_host_ed25519_key is not that of its record/,
      (members) => withText(members, "machine.json", /ssh-ed25519 [^ "]+/, anotherKey),
    ],
    [
      "another key of the user's",
      /its id_rsa\.pub is not the public key of its id_rsa/,
      (members) => withText(members, "id_rsa.pub", /ssh-ed25519 [^ ]+/, anotherKey),
    ],
    [
      "one more key of the user's",
      /its id_rsa\.pub is not the public key of its id_rsa/,
      (members) => withText(members, "id_rsa.pub", "\n", `\n${anotherKey}\n`),
    ],
    [
      "a record without end",
      /machine\.json: it has more than 64 levels/,
      (members) => withText(members, "machine.json", '"options": {}', `"options": ${deep}`),
    ],
    [
      "a command line that is none",
      /its commandLine is none that a kernel takes/,
      (members) => withText(members, "machine.json", '"commandLine": "', '"commandLine": "\\n'),
    ],
    ["no sums", /ends before its SHA256SUMS/, (members) => members.slice(0, -1)],
    [
      "more behind its end",
      /goes on behind its SHA256SUMS/,
      (members) => [...members, { header: { name: "more" }, content: Buffer.from("more") }],
    ],
    [
      "no header",
      /"machine\.json" in place of archive\.json/,
      (members) => summed(members.slice(1)),
    ],
    [
      "a newer version",
      /version 2, and this tsmachine knows 1/,
      (members) => withText(members, "archive.json", '"archiveVersion": 1', '"archiveVersion": 2'),
    ],
    [
      "an absurd size",
      /archive\.json: .*too big/is,
      (members) => withText(members, "archive.json", `${diskBytes}`, "99999999999999999"),
    ],
    [
      "a part behind the disk's end",
      /disk\/0000000000800000" of \d+ bytes where that does not belong/,
      (members) => withText(members, "archive.json", `${diskBytes}`, "4194304"),
    ],
    [
      "a path that leads out",
      /"\.\.\/\.\.\/evil" where that does not belong/,
      (members) => added(members, { name: "../../evil" }, "evil"),
    ],
    [
      "a symbolic link",
      /"id_rsa", which is no file/,
      (members) => added(members, { name: "id_rsa", type: "symlink", linkname: "/etc/passwd" }),
    ],
    [
      "a device",
      /"disk\/0000000000000000", which is no file/,
      (members) => added(members, { name: "disk/0000000000000000", type: "block-device" }),
    ],
    [
      "a part that is there twice",
      /disk\/0000000000000000" of 4194304 bytes where that does not belong/,
      (members) =>
        summed(
          members.flatMap((one) => (one.header.name.startsWith("disk/") ? [one, one] : [one])),
        ),
    ],
    [
      "a text that is too long",
      /"id_rsa" has 5000000 bytes/,
      (members) => summed(changed(members, "id_rsa", () => Buffer.alloc(5_000_000))),
    ],
    [
      "images of another folder",
      /images: ".*" is no image's key/,
      (members) => withText(members, "machine.json", /"boot": "[0-9a-f]+"/, '"boot": "../../evil"'),
    ],
    [
      "a record that is none",
      /machine\.json is not readable/,
      (members) => summed(changed(members, "machine.json", () => Buffer.from("{}"))),
    ],
    [
      "a host key of two lines",
      /is no SSH host key/,
      (members) => withText(members, "machine.json", /"ssh-ed25519 /, '"x\\\\n* ssh-ed25519 '),
    ],
    [
      "no key of the user's",
      /it lacks an SSH key/,
      (members) => summed(members.filter(({ header }) => header.name !== "id_rsa")),
    ],
  ];
  test.each(cases)("%s", async (_, reason, edit) => {
    const { path } = await archiveWorld();
    await editArchive(path, edit);
    await expectRefusal(path, reason);
  });
});

test("an import that is cancelled leaves nothing", async () => {
  const { path } = await archiveWorld();
  const world = await coreWorld();
  const { context } = world;
  const reason = new Error("cancelled");
  const { progress } = context;
  const cancelling: typeof progress = {
    step: (title, action) => {
      if (title === "Writing the disk") world.abort(reason);
      return progress.step(title, (step) => action({ ...step, step: cancelling.step }));
    },
  };
  const importing = importArchive({ ...context, progress: cancelling }, { path, images: "own" });
  await expect(importing).rejects.toBe(reason);
  expect(await context.store.listMachineNames()).toEqual([]);
});
