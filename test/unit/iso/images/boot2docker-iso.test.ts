import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeBoot2dockerIso } from "../../../../src/iso/images/boot/boot2docker-iso.ts";
import { parseLockFile } from "../../../../src/iso/images/lock-file.ts";
import { ensureImage } from "../../../../src/iso/images/making/ensure-image.ts";
import { readIso } from "../../../support/archives/iso-reader.ts";
import { imageWorld } from "../../../support/images/image-world.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

async function builtIso() {
  const { boot, engine, options, templates, source } = await imageWorld();
  const images = {
    boot: await ensureImage(boot, options),
    engine: await ensureImage(engine, options),
  };
  const path = join(await temporaryDirectory(), "boot2docker.iso");
  const { report, signal } = options;
  const volumeId = await writeBoot2dockerIso({
    ...{ ...images, templates, source, path, report, signal },
  });
  return { images, volumeId, bytes: await readFile(path) };
}

describe("the ISO in place of boot2docker's", () => {
  test("has the engine's version where docker-machine looks for it", async () => {
    const { images, volumeId, bytes } = await builtIso();
    expect(bytes.toString("latin1", 0x8028, 0x8048).trim()).toBe(volumeId);
    expect(/-v(\d.*)/.exec(volumeId)?.[1]).toBe(images.engine.manifest.version);
  });

  test("holds both images and their locks", async () => {
    const { images, bytes } = await builtIso();
    const iso = readIso(bytes);
    const { boot, engine } = images;
    for (const [path, file] of [
      ["boot/vmlinuz", join(boot.directory, "kernel")],
      ["boot/initramfs", join(boot.directory, "initramfs")],
      ["engine.iso", join(engine.directory, "engine.iso")],
    ] as const) {
      expect(iso.get(path)?.content).toEqual(await readFile(file));
    }
    expect(parseLockFile(`${iso.get("lock.json")?.content}`, "lock.json")).toEqual({
      boot: boot.manifest.lock,
      engine: engine.manifest.lock,
    });
  });

  test("tells the guest what it is, whatever firmware boots it", async () => {
    const { volumeId, bytes } = await builtIso();
    const iso = readIso(bytes);
    const commandLine = "console=ttyS0 quiet tsmachine.mode=boot2docker";
    expect(`${iso.get("isolinux/isolinux.cfg")?.content}`).toContain(`APPEND ${commandLine}\n`);
    const grub = `${iso.get("boot/grub/grub.cfg")?.content}`;
    expect(grub).toContain(`linux /boot/vmlinuz ${commandLine}\n`);
    expect(grub).toContain(`--label ${volumeId} `);
  });

  test("is the same from the same images", async () => {
    expect((await builtIso()).bytes.equals((await builtIso()).bytes)).toBe(true);
  });
});
