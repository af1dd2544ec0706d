import { randomBytes } from "node:crypto";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { describe, test, vi } from "vitest";
import { type BundleMember, changed, editBundle } from "../../../support/bundle/members.ts";
import {
  type Edit,
  expectRefusal,
  flipped,
  worldWithBundle,
} from "../../../support/bundle/tampering.ts";

vi.setConfig({ testTimeout: 60_000 });

const file = (name: string, type: "file" | "symlink" | "directory" = "file"): BundleMember => ({
  header: { name, type, ...(type === "symlink" && { linkname: "/etc" }) },
  content: Buffer.from(type === "file" ? "more" : ""),
});

const otherHash = /does not have the SHA-256 that is listed/;
const notListed = /which it does not list/;
const otherPlace = /where it lists/;

describe("a bundle is refused with", () => {
  const damages: readonly (readonly [damage: string, reason: RegExp, edit: Edit])[] = [
    ["a changed InRelease", otherHash, (all) => changed(all, "InRelease", flipped)],
    ["a changed package index", otherHash, (all) => changed(all, "by-hash", flipped)],
    ["a changed package", otherHash, (all) => changed(all, "docker.io", flipped)],
    [
      "a package without its last byte",
      otherPlace,
      (all) => changed(all, "docker.io", (deb) => deb.subarray(1)),
    ],
    ["a file more", notListed, (all) => [...all, file("debian/pool/more.deb")]],
    ["a path that leads out", notListed, (all) => [...all, file("../../escaped")]],
    ["an absolute path", notListed, (all) => [...all, file("/tmp/escaped")]],
    ["a symbolic link", notListed, (all) => [...all, file("debian/link", "symlink")]],
    [
      "a symbolic link in place of a folder",
      otherPlace,
      ([manifest, ...rest]) => [
        ...(manifest ? [manifest] : []),
        file("debian", "symlink"),
        ...rest,
      ],
    ],
    ["a file twice", notListed, (all) => [...all, ...all.slice(-1)]],
    ["a file less", /it ends before debian\/pool/, (all) => all.slice(0, -1)],
    ["two files in another order", otherPlace, ([a, b, c, ...d]) => members(a, c, b, ...d)],
    ["no manifest", /does not begin with bundle\.json/, (all) => all.slice(1)],
    ["a manifest that comes later", /does not begin/, ([a, b, ...c]) => members(b, a, ...c)],
    [
      "a manifest that is no JSON",
      /bundle\.json: /,
      (all) => changed(all, "bundle.json", flippedAll),
    ],
    [
      "a manifest of 5 MB",
      /does not begin with bundle\.json/,
      (all) => changed(all, "bundle.json", (json) => Buffer.concat([json, Buffer.alloc(5e6, " ")])),
    ],
    ["nothing at all", /it is empty/, () => []],
  ];
  test.each(damages)("%s", async (_, reason, edit) => {
    const world = await worldWithBundle();
    await editBundle(world.path, edit);
    await expectRefusal(world, reason);
  });

  test.each([0.01, 0.3, 0.7, 0.99])("its end cut off, at %d of its length", async (part) => {
    const world = await worldWithBundle();
    await truncate(world.path, Math.floor((await readFile(world.path)).length * part));
    await expectRefusal(world, /damaged or cut short|it ends before|it is empty/);
  });

  test.each([
    ["arbitrary bytes", () => randomBytes(100_000)],
    ["a header of 64 MB", () => giantHeader()],
  ])("%s in place of it", async (_, content) => {
    const world = await worldWithBundle();
    await writeFile(world.path, content());
    await expectRefusal(world, /no tar archive|bytes that are of no listed file|it is empty/);
  });
});

const flippedAll = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x80));

function members(...some: readonly (BundleMember | undefined)[]): readonly BundleMember[] {
  return some.filter((member) => member !== undefined);
}

/** The header of a member with an extended header, which readers hold in memory. */
function giantHeader(): Buffer {
  const size = 64 << 20;
  const header = Buffer.alloc(512);
  header.write("PaxHeader");
  header.write("0000644\0", 100);
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        x", 148);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, Buffer.alloc(size, "1")]);
}
